"""The engine that sandboxes run on: its Protocol, the adapter for Docker, and the commands run inside a sandbox."""
