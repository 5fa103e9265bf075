"""Changes of a note's text in the lines of one item alone, each proved by reading it again. Pure."""
