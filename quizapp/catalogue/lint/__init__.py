"""What could be better in a note, rule by rule, each with an example. Pure."""
