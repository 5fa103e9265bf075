"""Backups of the database: made while people learn, checked against what they held, and put back. Knows no domain."""
