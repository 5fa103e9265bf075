"""Parsed notes brought into the database: which stored item each parsed one is, and what changes."""
