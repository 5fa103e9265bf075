"""What can be learnt: notes, concepts, questions, lab definitions. Knows no learner, no score, no Docker."""
