"""What the right answer of a question is where a program can tell: one file a kind. Pure; knows no form and no row."""
