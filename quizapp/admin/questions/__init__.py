"""The list of questions, their editor, their history, and what learners report of them."""
