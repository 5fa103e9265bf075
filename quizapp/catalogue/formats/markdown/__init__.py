"""Reads a note in Markdown: its sections, concepts and questions with their labels."""
