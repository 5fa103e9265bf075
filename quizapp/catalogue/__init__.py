"""Notes, concepts, questions and lab definitions, and their import. Knows no learner, no score and no Docker."""
