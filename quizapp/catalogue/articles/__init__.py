"""What pages of learners show of notes, concepts, questions and labs. Reads only."""
