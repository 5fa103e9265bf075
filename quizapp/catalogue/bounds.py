"""What an item of the catalogue may be, wherever it comes from. Pure."""

LEVELS = range(1, 6)  # from what a beginner is asked to what a senior engineer is
TAGS_MAX = 20  # of one note or question; keeps the list of tags to pick by usable
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"  # of a lab; it becomes the key of the lab's question
SLUG_MAX_CHARS = 64  # as long as the key of a question
