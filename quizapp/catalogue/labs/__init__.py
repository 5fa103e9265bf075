"""Lab files: their shape, how they are read, linted and stored."""
