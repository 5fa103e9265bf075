"""A note in Markdown, read: sections, concepts, questions and their labels."""
