"""A learner's go at a lab: runs, predictions, checks, grading by effect, verdicts. Knows no quiz and no review."""
