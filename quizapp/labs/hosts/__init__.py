"""What a run asks of its sandbox, which a learner knows as the host."""
