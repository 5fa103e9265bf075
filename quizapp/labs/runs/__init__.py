"""Runs in the database: service, queries, timeline, predictions. Asks no sandbox."""
