"""A learner's run of a lab in the database: its service, its queries, its timeline. Asks no sandbox."""
