"""Writes questions as a text that Anki imports as it is meant. Pure.

The separator is named, as Anki 26.09 guesses it from the first 8 KiB, where one colon beats every comma. HTML is said
to be HTML, the note type is named, and each note has its guid, so that a second import changes notes and makes none.
There is no column of tags: it would replace those of the learner.
"""

import csv
from collections.abc import Iterable
from io import StringIO

from quizapp.catalogue.formats.parsed import ParsedQuestion
from quizapp.catalogue.html.rendering import render

HEADERS = "#separator:Comma\n#html:true\n#notetype:Basic\n#guid column:1\n#deck column:2\n"


def write(title: str, questions: Iterable[ParsedQuestion]) -> str:
    """The rows of one note's questions, in a deck with its title; HEADERS come before the first row of a file."""
    deck = deck_of(title)
    target = StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows((question.key or "", deck, front_of(question), back_of(question)) for question in questions)
    return target.getvalue()


def deck_of(title: str) -> str:
    """The name of the deck of a note; `::` would make decks within decks."""
    return " ".join(title.replace("::", ":").split()) or "quizapp"


def front_of(question: ParsedQuestion) -> str:
    """The HTML of a card's front: what is asked, with its options, or what is to be done."""
    options = "".join(f"<li>{_html(choice.text)}</li>" for choice in question.choices)
    task = _html(question.expected.task) if question.expected is not None else ""
    return _html(question.prompt) + (f"<ol>{options}</ol>" if options else "") + task


def back_of(question: ParsedQuestion) -> str:
    """The HTML of a card's back: the right options or what else is right, and the answer."""
    right = [choice for choice in question.choices if choice.right]
    listed = "".join(f"<li>{_html(choice.text)}{_why(choice.why)}</li>" for choice in right)
    solution = _html(question.expected.solution) if question.expected is not None else ""
    return (f"<ul>{listed}</ul>" if listed else "") + solution + _html(question.answer)


def _why(why: str) -> str:
    return f"<br>{_html(why)}" if why else ""


def _html(text: str) -> str:
    """Markdown as HTML of one line: line ends of code are written as characters."""
    html = str(render(text)).strip().replace("\n", "&#10;") if text.strip() else ""
    return html.replace('src="/pictures/', 'src="')  # Anki has all pictures in one folder
