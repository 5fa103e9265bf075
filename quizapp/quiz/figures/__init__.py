"""What answers say of questions and of learners: first answers, estimates, what was missed."""
