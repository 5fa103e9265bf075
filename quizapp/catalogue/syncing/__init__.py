"""Brings the content folder's files and what was changed in the browser in line."""
