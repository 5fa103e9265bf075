"""Several questions that test the same thing: one memory, and the form in which it is asked."""
