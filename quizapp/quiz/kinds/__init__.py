"""How an answer of each kind is read from what was sent and marked: one file a kind. Pure."""
