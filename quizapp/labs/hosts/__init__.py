"""What a run asks of its sandbox, which learners know as the host. Knows no page."""
