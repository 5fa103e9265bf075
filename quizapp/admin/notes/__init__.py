"""The note editor, beside what learners see, and the texts that a note had."""
