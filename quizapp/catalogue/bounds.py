"""What an item of the catalogue may have at most, wherever it comes from. Pure."""

LEVELS = range(1, 6)  # from what a beginner is asked to what a senior engineer is
TAGS_MAX = 20  # of one note or question; keeps the list of tags to pick by usable
