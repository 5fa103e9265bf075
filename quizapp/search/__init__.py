"""Search: everything one may see, by words as they stand in shells and by Anki's language; and what is done from it."""
