"""The pages on which notes are brought: pasted or uploaded, looked at, imported, offered to all."""
