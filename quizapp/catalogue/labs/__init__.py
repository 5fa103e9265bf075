"""Lab files: their format, and how they are read, linted and stored."""
