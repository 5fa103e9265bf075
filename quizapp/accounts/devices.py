"""What a browser calls itself, in two words, so that a person knows which of their sign-ins is which. Pure."""

# The first that is in the browser's line is what it is: each also names those that it wants to be taken for.
PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LINE_MAX_CHARS = 500  # of a browser's line that are looked at; those that were seen have up to 250


def device_of(line: str) -> str:
    """Program and system of a browser's User-Agent, such as "Firefox on Linux"; what is not known is left out."""
    looked_at = line[:LINE_MAX_CHARS]
    named = [next((name for mark, name in known if mark in looked_at), "") for known in (PROGRAMS, SYSTEMS)]
    return " on ".join(filter(None, named))
