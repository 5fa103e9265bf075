"""From the catalogue to files that people take along, in our Markdown and in what other tools read."""
