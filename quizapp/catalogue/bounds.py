"""Limits for items of the catalogue, whether they come from a file or from the editor. Pure."""

LEVELS = range(1, 6)  # from questions for a beginner to questions for a senior engineer
TAGS_MAX = 20  # of one note or question; more would make the list of all tags too long to choose from
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"  # of a lab's slug, which is also the key of the lab's question
SLUG_MAX_CHARS = 64  # as long as the key of a question
BANK_MAX_BYTES = 2 * 1024 * 1024  # as large as a note may be; the largest bank of text seen has 0.7 MiB
COMMAND_MAX_CHARS = 2000  # of one command that is graded by its effect; a compose file of a lab has 300
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"  # of an id that an author gives, as the note format reads it
