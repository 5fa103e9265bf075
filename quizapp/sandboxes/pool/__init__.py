"""Who has which sandbox, and for how long."""
