"""Classes: a teacher's learners, how they come and go, and what each side sees of the other."""
