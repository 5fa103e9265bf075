"""sandboxd, the process that holds the engine's socket."""
