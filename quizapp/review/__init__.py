"""When to show a question again: study days, FSRS, cards, the review log. Knows no question kind."""
