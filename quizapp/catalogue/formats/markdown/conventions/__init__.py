"""The ways in which people write questions, each found by a detector of its own. Pure."""
