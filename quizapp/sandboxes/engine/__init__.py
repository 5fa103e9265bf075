"""The engine that sandboxes run on: its Protocol, the adapter for Docker, and what is asked inside a sandbox."""
