"""From an author's Markdown to HTML that is safe to show. Knows no note and no question."""
