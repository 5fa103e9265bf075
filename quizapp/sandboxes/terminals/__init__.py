"""Shells in sandboxes: kept without a client, started before a client asks, connected to the operator's terminal."""
