"""What learners report of questions and labs, and what editors decide about it."""
