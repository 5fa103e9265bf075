"""From files, and from what a browser sent, into the catalogue: found, read, foreseen, imported."""
