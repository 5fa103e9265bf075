"""The formats that content is written in: text in, parsed data out. Nothing is stored here."""
