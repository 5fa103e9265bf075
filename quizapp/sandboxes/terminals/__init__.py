"""Shells in sandboxes: kept while nobody is connected, started before they are asked for, lent to a local terminal."""
