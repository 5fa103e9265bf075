"""What editors change in the browser: questions, concepts, notes, tags, labs; and how it is taken back."""
