"""The questions of another tool, whatever its file looks like, and the note that is made of them. Pure.

What cannot be said in a kind of quizapp becomes an open question. Its answer says all that the file says: accepted
answers, what each is worth, tolerances, feedback. A warning names each of these. Where a kind can say what is right and
the file says more than that, all of it is the explanation.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from quizapp.catalogue.bounds import LEVELS
from quizapp.catalogue.formats import bank_kinds
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.parsed import (
    NoteWarning,
    ParsedChoice,
    ParsedNote,
    ParsedQuestion,
    ParsedSection,
    Unreadable,
)
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.kinds.expected import Expected

BANK_ITEMS_MAX = 5_000  # as many as one note may have
BANK_TAGS_MAX = 500  # different ones of a file: each is stored, and a learner's own file may name thousands
WARNINGS_MAX = 500  # of one file; more are counted, as nobody reads them
LEFT_OUT_CHARS = 80  # of an answer without a question that its warning shows: enough to find it by
_OWN_KEY = re.compile(r"[a-z]-[a-z2-7]{8}(?:-[1-9]\d?)?")  # as `store.identity.new_key` makes them
_KEY_BYTES = 10  # 80 bits, 16 letters: two ids of other tools never agree
_SUM_TOLERANCE = 0.1  # percent: 3 times 33.33333 is 100


class ItemKind(StrEnum):
    """What a question of a bank asks for."""

    CHOICE = "multiple choice"
    TRUE_FALSE = "true or false"
    TYPED = "typed answer"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"  # a text with gaps to type into
    ESSAY = "essay"
    CARD = "flashcard"
    TEXT = "description"  # a text that asks nothing


# Kinds whose right answer a kind of quizapp may say.
_SAYING = (ItemKind.TYPED, ItemKind.NUMERIC, ItemKind.MATCHING, ItemKind.ORDERING, ItemKind.CLOZE)


@dataclass(frozen=True, kw_only=True)
class BankItem:
    """A question of a bank. The texts are Markdown."""

    kind: ItemKind
    line: int
    stem: str
    key: str | None = None
    """The id that the file gives it; None without one."""
    title: str = ""
    answers: tuple[BankAnswer, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    """What belongs together; a pair without a left side is there to mislead."""
    gapped: str = ""
    """Of a cloze, the text with its gaps as `kinds.cloze` has them."""
    has_wildcards: bool = False
    """Whether a sign in an accepted text stands for anything."""
    unit: str = ""
    """Of a number; empty for a bare one."""
    one_right: bool = True
    """Whether the tool lets a learner choose one answer only."""
    feedback: str = ""
    """What the tool shows whatever was answered."""
    tags: tuple[str, ...] = ()
    section: str = ""
    """The category or deck that it is in."""
    level: int | None = None
    warnings: tuple[str, ...] = ()


def note_of(
    items: Iterable[BankItem], *, title: str, convention: str, warnings: Sequence[NoteWarning] = ()
) -> ParsedNote:
    """The note with these questions, a section for each category. Raises Unreadable for too many of them."""
    whole = _not_too_many(items)
    empty = [item for item in whole if _asks_nothing(item)]
    kept = _with_distinct_keys([item for item in whole if not _asks_nothing(item)])
    kept, many = _with_few_tags(kept)
    grouped: dict[str, list[BankItem]] = {}
    for item in kept:
        grouped.setdefault(item.section, []).append(item)
    said = [
        *warnings,
        *many,
        *(said for item in kept for said in _warnings(item)),
        *_names_dropped(kept),
        *map(_left_out, empty),
    ]
    return ParsedNote(
        key=None,
        title=title,
        number=None,
        date=None,
        tags=(),  # each question has its own
        convention=convention,
        sections=tuple(_section(name, of_name) for name, of_name in grouped.items()),
        warnings=_not_too_long(sorted(said, key=lambda warning: warning.line)),
    )


def foreign_key(namespace: str, key: str) -> str:
    """The id here of what has the id `key` in another tool; one that quizapp gave comes back as it was."""
    if _OWN_KEY.fullmatch(key):
        return key
    digest = hashlib.sha256(f"{namespace}\0{key}".encode()).digest()
    return f"x-{base64.b32encode(digest[:_KEY_BYTES]).decode().lower()}"


def is_wild(text: str) -> bool:
    """Whether an accepted text of Moodle has a star that stands for anything, as one without a backslash does."""
    return re.search(r"(?<!\\)\*", text) is not None


def question_of(item: BankItem) -> ParsedQuestion:
    """A question of a bank as a question of a note."""
    expected = expected_of(item)
    has_options = item.kind in (ItemKind.CHOICE, ItemKind.TRUE_FALSE) and expected is None
    choices = tuple(_choices(item)) if has_options else ()
    return ParsedQuestion(
        key=item.key,
        line=item.line,
        prompt=item.stem or item.title,
        answer=item.feedback if choices else _explanation(item) if expected is not None else _answer(item),
        expected=expected,
        flashcard=item.kind is ItemKind.CARD,
        choices=choices,
        level=item.level if item.level in LEVELS else None,
        tags=tuple(dict.fromkeys(tag.lower() for tag in item.tags if tag.strip())),
    )


def expected_of(item: BankItem) -> Expected | None:
    """What is right in it, if a kind of quizapp says that; None for choices, essays, and what none can say."""
    match item.kind:
        case ItemKind.TYPED:
            return bank_kinds.typed(item.answers) if not item.has_wildcards else None
        case ItemKind.NUMERIC:
            return bank_kinds.number(item.answers, item.unit)
        case ItemKind.TRUE_FALSE:
            return bank_kinds.truth(item.answers)
        case ItemKind.ORDERING:
            return bank_kinds.order([answer.text for answer in item.answers])
        case ItemKind.MATCHING:
            return bank_kinds.match(item.pairs)
        case ItemKind.CLOZE:
            return bank_kinds.cloze(item.gapped)
        case ItemKind.CHOICE | ItemKind.ESSAY | ItemKind.CARD | ItemKind.TEXT:
            return None
        case _:
            assert_never(item.kind)


def _explanation(item: BankItem) -> str:
    """What the file says beside what is right: all of it, if an answer has a feedback or is worth a part."""
    if item.kind is ItemKind.TRUE_FALSE:
        return "\n\n".join(text for text in (*bank_kinds.whys(item.answers), item.feedback) if text)
    is_more = any(answer.feedback or answer.weight != FULL for answer in item.answers)
    return _answer(item) if is_more and item.kind in (ItemKind.TYPED, ItemKind.NUMERIC) else item.feedback


def right_answers(item: BankItem) -> frozenset[int]:
    """The places, from 0, of the answers that a choice question takes for right.

    With one right answer these are the ones that are worth the most; with several, all that are worth something.
    """
    worth = [answer.weight for answer in item.answers]
    least = max(worth, default=0.0) if item.one_right else min((one for one in worth if one > 0), default=0.0)
    return frozenset(place for place, one in enumerate(worth) if one > 0 and one >= least)


def percent(weight: float) -> str:
    """A weight as it is read: 50 %, 33.33333 %."""
    return f"{weight:.5f}".rstrip("0").rstrip(".") + " %"


def _not_too_many(items: Iterable[BankItem]) -> list[BankItem]:
    kept: list[BankItem] = []
    for item in items:
        kept.append(item)
        if len(kept) > BANK_ITEMS_MAX:
            message = f"The file has more than {BANK_ITEMS_MAX:,} questions; that many fit in a note. Split it."
            raise Unreadable(message, line=item.line)
    return kept


def _asks_nothing(item: BankItem) -> bool:
    """Whether an item has no words to ask with, as a row of a table in which the question's cell is empty."""
    return item.kind is not ItemKind.TEXT and not item.stem.strip() and not item.title.strip()


def _left_out(item: BankItem) -> NoteWarning:
    """What is said of an item that asks nothing, with the beginning of the answer that it would have had."""
    words = " ".join(_answer(item).split())
    known = f", only an answer: {words[:LEFT_OUT_CHARS]}" if words else ""
    message = f"Here stands no question{known}. It is left out; write the question, or remove it."
    return NoteWarning(line=item.line, message=" ".join([message, *item.warnings]))


def _with_distinct_keys(items: Sequence[BankItem]) -> list[BankItem]:
    """The items; where several have one id, the first alone keeps it."""
    taken: set[str] = set()
    kept = []
    for item in items:
        if item.key is not None and item.key in taken:
            item = replace(item, key=None, warnings=(*item.warnings, "Another question above has the same id."))
        taken.add(item.key or "")
        kept.append(item)
    return kept


def _with_few_tags(items: Sequence[BankItem]) -> tuple[list[BankItem], list[NoteWarning]]:
    """The items with the first BANK_TAGS_MAX of all their tags, and what is told of more."""
    tags = list(dict.fromkeys(tag.lower() for item in items for tag in item.tags))
    if len(tags) <= BANK_TAGS_MAX:
        return list(items), []
    known = frozenset(tags[:BANK_TAGS_MAX])
    message = f"The file has {len(tags):,} different tags; the first {BANK_TAGS_MAX} are kept."
    few = [replace(item, tags=tuple(tag for tag in item.tags if tag.lower() in known)) for item in items]
    return few, [NoteWarning(line=items[0].line, message=message)]


def _section(name: str, items: Sequence[BankItem]) -> ParsedSection:
    texts = [item.stem for item in items if item.kind is ItemKind.TEXT]
    return ParsedSection(
        line=items[0].line,
        number=None,
        title=name,
        body="\n\n".join(texts),
        teaches=False,
        questions=tuple(question_of(item) for item in items if item.kind is not ItemKind.TEXT),
    )


def _choices(item: BankItem) -> Iterator[ParsedChoice]:
    right = right_answers(item)
    for place, answer in enumerate(item.answers):
        yield ParsedChoice(text=answer.text, right=place in right, why=answer.feedback)


def _answer(item: BankItem) -> str:
    """All that an item without options says about its answer."""
    blocks = [_accepted(item.answers)] if item.answers else []
    if item.kind is ItemKind.ORDERING:
        blocks = ["\n".join(f"{number}. {answer.text}" for number, answer in enumerate(item.answers, start=1))]
    if item.pairs:
        blocks.append("\n".join(f"- {left or '(nothing)'} → {right}" for left, right in item.pairs))
    return "\n\n".join(block for block in (*blocks, item.feedback) if block)


def _accepted(answers: Sequence[BankAnswer]) -> str:
    """The answers as they are: one alone as its text, several or one with more to say as a list."""
    if len(answers) == 1 and answers[0].weight == FULL and not answers[0].feedback:
        return f"{answers[0].text}{_spread(answers[0])}"
    return "\n".join(_listed(answer) for answer in answers)


def _listed(answer: BankAnswer) -> str:
    worth = "" if answer.weight == FULL else " (wrong)" if answer.weight <= 0 else f" ({percent(answer.weight)})"
    lines = f"{answer.text}{_spread(answer)}{worth}".split("\n")
    if answer.feedback:
        lines += ["", *answer.feedback.split("\n")]
    return "\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])])


def _spread(answer: BankAnswer) -> str:
    return "" if answer.tolerance.strip() in ("", "0") else f" (± {answer.tolerance})"


def _warnings(item: BankItem) -> Iterator[NoteWarning]:
    for message in (*item.warnings, *_of_kind(item), *_of_weights(item), *_of_length(item)):
        yield NoteWarning(line=item.line, message=message)


def _of_kind(item: BankItem) -> Iterator[str]:
    question = question_of(item)
    if item.kind in _SAYING and question.expected is None:
        yield f"This {item.kind} question becomes an open one; its answer says all that the file says."
    if item.kind is not ItemKind.TEXT and not question.answered:
        yield "This question has no right answer, so it is a draft, which learners do not see."
    if item.kind is ItemKind.CHOICE and item.one_right and len(right_answers(item)) > 1:
        yield "Several answers of a question with one right answer are wholly right; all of them have to be chosen."
    if any(not answer.text.strip() for answer in item.answers):
        yield "An answer is empty. Was a sign of its text not escaped?"


def _of_weights(item: BankItem) -> Iterator[str]:
    """What is lost where answers are worth different parts."""
    if item.kind is not ItemKind.CHOICE or not item.answers:
        return
    worth = [answer.weight for answer in item.answers]
    best = [one for one in worth if one > 0]
    uniform = len(set(best)) <= 1 and all(one == 0 for one in worth if one <= 0)
    whole = not best or item.one_right or abs(sum(best) - FULL) <= _SUM_TOLERANCE or set(best) == {FULL}
    if not uniform or not whole:
        named = ", ".join(percent(one) for one in worth)
        yield f"What its answers are worth ({named}) is not kept: an answer here is right or wrong."


def _of_length(item: BankItem) -> Iterator[str]:
    texts = (item.stem, _answer(item), *(answer.text for answer in item.answers))
    if any(len(text) > FIELD_MAX_CHARS for text in texts):
        yield f"A text has more than {FIELD_MAX_CHARS:,} characters; pages show that many. Split the question."


def _names_dropped(items: Sequence[BankItem]) -> Iterator[NoteWarning]:
    named = [item for item in items if item.title and item.stem and item.title not in item.stem]
    if named:
        few = ", ".join(item.title for item in named[:3])
        message = f"Names of questions are not imported, as learners do not see them: {few} ({len(named)} in all)."
        yield NoteWarning(line=named[0].line, message=message)


def _not_too_long(warnings: Sequence[NoteWarning]) -> tuple[NoteWarning, ...]:
    if len(warnings) <= WARNINGS_MAX:
        return tuple(warnings)
    rest = len(warnings) - WARNINGS_MAX
    last = NoteWarning(line=warnings[WARNINGS_MAX].line, message=f"{rest:,} more warnings are left out.")
    return (*warnings[:WARNINGS_MAX], last)
