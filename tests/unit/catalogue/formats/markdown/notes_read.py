"""What a small note of a test comes out as: what is asked, with its answers and right options, and what teaches."""

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion


def parse(text: str) -> ParsedNote:
    """The note, as a file without a title of its own would be read."""
    return parse_note(text.encode(), name="a-file")


def everything(text: str) -> list[ParsedQuestion]:
    """All that is asked, drafts too, in the order of its lines."""
    return sorted(parse(text).everything_asked, key=lambda one: one.line)


def asked(text: str) -> list[tuple[str, str]]:
    """Each prompt with its answer."""
    return [(one.prompt, one.answer) for one in everything(text)]


def right(text: str) -> list[tuple[str, list[str]]]:
    """Each prompt with its right options."""
    return [(one.prompt, [choice.text for choice in one.choices if choice.right]) for one in everything(text)]


def teaching(text: str) -> list[str]:
    """The titles of the sections that teach."""
    return [section.title for section in parse(text).sections if section.teaches]
