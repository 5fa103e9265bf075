"""A learner's runs of labs: predictions, checks, grading by effect, verdicts. Knows no quiz session and no card."""
