"""Who the learner is: people, their roles, and how they sign in and out. Knows nothing of what they learn."""
