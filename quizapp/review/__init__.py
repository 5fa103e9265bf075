"""When to see it again: study days, FSRS, cards, the review log, the queue. Knows no question kind."""
