"""Stores parsed notes: finds the stored item of each parsed one, and writes the differences. Knows no file format."""
