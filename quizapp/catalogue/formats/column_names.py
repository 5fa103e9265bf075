"""What the columns of a table mean by their names, and which row has these names. Pure.

The templates of Kahoot, Quizizz, Blooket, Gimkit, Udemy and Socrative are among what is known here: some have rows with
a title above the names, and names that say how long a cell may be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

HEAD_ROWS = 10  # among which the names of the columns are looked for
NAMES_MAX = 100  # columns of which the names are read
_NAMES = {
    "question": r"questions?|frage|prompt|stem|html of the question|(?:card )?front|term|question[ _]?(?:text|title)?|q"
    r"|pregunta|pergunta|domanda|vraag|pytanie|soru|вопрос",
    "answer": r"answer|correct|(?:correct|right)[ _](?:answer|option|choice|response)s?|right|solution|(?:card )?back"
    r"|definition|(?:answer[ _])?key|accepted[ _]answers?|antwort|lösung|respuesta|resposta|r[ée]ponse|risposta"
    r"|antwoord|odpowiedź|cevap|ответ",
    "explanation": r"explanation|explain|rationale|why|html of the explanation to the answer|comment"
    r"|(?:answer |overall |general )?(?:explanation|feedback)|erklärung|begründung",
    "options": r"options|choices|options, separated by \|",
    "section": r"category|topic|section|deck|quiz title|subject|domain|chapter|module|unit|kategorie|thema",
    "tags": r"tags?|labels?|keywords?",
    "level": r"level|difficulty",
    "kind": r"(?:question[ _]?)?(?:type|kind)",
    "id": r"(?:question[ _]?)?(?:id|guid|no\.?|#|number)",
}
_PLACE = r"[ _-]?\(?(?P<place>[a-h]|[1-8])\)?"
_OPTION = re.compile(
    rf"(?:(?:answer|correct)[ _-])?(?:option|choice|answer|response|opt|antwort)?(?:[ _-]text)?{_PLACE}"
)
_WHY = re.compile(rf"(?:explanation|feedback|rationale|why)(?:[ _-]for)?(?:[ _-](?:option|answer|choice))?{_PLACE}")
_WRONG = re.compile(
    r"(?:(?:incorrect|wrong|false)[ _-]?(?:answer|option|choice|response)s?|distract[oe]r)(?:[ _-]?[a-h1-9])?"
)
_BESIDE = re.compile(r"\([^()]*\)|\s[-\u2013\u2014]\s.*|[\s*:?]+$", re.DOTALL)  # "(optional)", "- max 120 characters"


def head_place(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the row that names the columns: the first with a question and what answers it, else the first row.

    None where neither names a question.
    """
    found = (place for place, row in enumerate(rows[:HEAD_ROWS]) if names_question(row))
    return next(found, 0 if rows and "question" in places_of(rows[0]) else None)


def names_question(row: Sequence[str]) -> bool:
    """Whether a row names a column of questions, and one of answers or options."""
    found = places_of(row)
    return "question" in found and any(part.startswith(("answer", "option")) for part in found)


def places_of(header: Sequence[str]) -> dict[str, int]:
    """The places of the columns, from 0, by what they mean.

    Options are called `option a`, `option b` …, what explains one of them `why a`, and wrong ones `wrong 1` …
    """
    whole = [" ".join(cell.lower().split()) for cell in header[:NAMES_MAX]]
    short = [_BESIDE.sub("", cell.strip().lower()).strip() for cell in header[:NAMES_MAX]]
    found: dict[str, int] = {}
    for names in (whole, short):  # a name that is known as it stands goes before one with more behind it
        for place, part in _parts(names, found):
            found.setdefault(part, place)
    if "answer" not in found and "option b" not in found and "option a" in found:
        found["answer"] = found.pop("option a")  # "Q" and "A"
    return found


def _parts(names: Sequence[str], found: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Each name that says something of a question, with what it says; those that `found` has a place for are done."""
    done = frozenset(found.values())
    wrong = sum(part.startswith("wrong ") for part in found)
    for place, name in enumerate(names):
        if place in done:
            continue
        if part := next((part for part, words in _NAMES.items() if re.fullmatch(words, name)), None):
            yield place, part
        elif option := _OPTION.fullmatch(name):
            yield place, f"option {_letter(option['place'])}"
        elif why := _WHY.fullmatch(name):
            yield place, f"why {_letter(why['place'])}"
        elif _WRONG.fullmatch(name):
            wrong += 1
            yield place, f"wrong {wrong}"


def _letter(place: str) -> str:
    return place if place.isalpha() else chr(ord("a") + int(place) - 1)
