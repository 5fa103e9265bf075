"""FSRS's weights fitted to one learner's reviews, and what weights are worth on reviews that they have not seen."""
