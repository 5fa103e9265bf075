"""Readers of the formats that notes are written in: text in, parsed data out. Knows no database."""
