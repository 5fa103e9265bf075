"""Reads the key that stands below a whole quiz: "Answer key", `1. B`, `2. A, C`. Pure. Lines count from 0."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind, texts_of
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.conventions.stated import truth_of, without_its_name
from quizapp.catalogue.formats.markdown.languages import KEY_TITLES, QUESTION_NAMES
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.wording import plain, undecorated, unwrapped
from quizapp.catalogue.formats.parsed import ParsedQuestion, ParsedSection

FEWEST = 2  # entries; a single one stands with its question
_TITLE = re.compile(
    rf"^\W*(?:the )?(?:correct )?(?:answers?(?: keys?)?|keys?|solutions?(?: keys?)?|{KEY_TITLES})\W*$", re.IGNORECASE
)
_ENTRY = re.compile(
    rf"^\W*(?:(?:Q(?:uestion)?|A(?:nswer)?|{QUESTION_NAMES})\s?)?(?P<number>\d{{1,4}})\s?[*_]{{0,3}}"
    r"[.):\uff1a\u2013\u2014\t -]+(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LETTERS = re.compile(
    r"^[(*_`]*(?P<letters>[A-La-l](?:\s?(?:,|&|and)\s?[A-La-l](?!\w))*)[)*_`.:]*\s*"
    r"(?:$|[-\u2013\u2014:(]\s*(?P<why>\S.*)$|(?<=[).:*_])\s+(?P<said>\S.*)$)",
    re.DOTALL,
)
_WORD = re.compile(r"\w+")
# "**Answers**: 1-b, 2-a, 3-False": title and entries in one line.
IN_LINE = re.compile(
    r"^\W*(?:correct )?(?:answers?(?: keys?)?|keys?|solutions)\W{0,4}:\W{0,4}(?P<rest>Q?\s?1\s?[-.):\u2013=].+)$",
    re.IGNORECASE | re.DOTALL,
)
_FOLDS = re.compile(r"\b(?:answers|solutions|answer key)\b", re.IGNORECASE)
_BRACKETS = frozenset("([\uff08\u3010")
LETTER_FIRST = re.compile(r"[(*_`]*[A-La-l][)*_`]*[,;:.)]")  # "B, as it is": a letter and more, not a text
_OPEN = re.compile(r"^(?:\*\*|__)\s+(?=\S)")  # what is left of "**1.**" behind its number
_NAME = re.compile(r"^[*_]{0,2}(?:correct |right )?(?:answers?|ans)\s?[:\u2013-][*_]{0,2}\s*(?=\S)", re.IGNORECASE)
ANSWERS = re.compile(rf"^\W*(?:the )?(?:correct )?(?:answers|answer keys?|solutions|{KEY_TITLES})\W*$", re.IGNORECASE)
_IN_LINE = re.compile(r"(?P<number>\d{1,4})\s?[.):\u2013-]?\s?(?P<letter>[A-La-l])(?![^\W_])(?:\s*[,;|]\s*|\s+|$)")


@dataclass(frozen=True, kw_only=True)
class AnswerKey:
    """Which options are right, by the number of the question."""

    blocks: tuple[Block, ...]
    """Its heading and what it stands in; none if it names questions that the note does not have."""
    right: dict[int, frozenset[int]]
    """The places of the right options, from 0."""
    told: dict[int, str]
    """What it says beside the letters, or without any."""
    whole: dict[int, str] = field(default_factory=dict)
    """All that it says of each, letters too: of a question without options these are the answer."""
    folds: tuple[Details, ...] = ()
    """The `<details>` that it stands in."""
    again: frozenset[int] = frozenset()
    """The lines that look like questions and only begin an answer: "### Question 1" below *Answers*."""

    @property
    def lines(self) -> Iterator[Iterable[int]]:
        """The lines of each of its parts."""
        yield from (block.lines for block in self.blocks)
        yield from (fold.lines for fold in self.folds)


def key_of(blocks: Sequence[Block], asked: Sequence[int]) -> AnswerKey | None:
    """The key of a note, from its last heading or bold line that announces one; None without one.

    Its entries are letters; or texts, as many as there are questions, all of which begin before (`asked`, their lines).
    """
    known = repeated_words(blocks)
    for number in range(len(blocks) - 2, -1, -1):
        if (title := _title_of(blocks[number])) is None:
            continue
        parts = _parts_of(blocks, number, known)
        entries = [entry for part in parts for entry in entries_of(part)]
        found = {at: match for at, text in entries if at and (match := _LETTERS.match(text))}
        if FEWEST <= len(found) == len(entries):
            placed = max(found) <= len(asked)  # what names a question that is not there stays a text
            return AnswerKey(
                blocks=_span(blocks, number, parts) if placed else (),
                right={at: _places(match["letters"]) for at, match in found.items()},
                told={at: match["why"] or match["said"] or "" for at, match in found.items()},
            )
        counted = [at for at, _ in entries] == list(range(1, len(asked) + 1))
        lettered = any(LETTER_FIRST.match(text) for _, text in entries)
        if (
            counted
            and len(entries) >= FEWEST
            and not lettered
            and ANSWERS.match(title)
            and max(asked) < blocks[number].first
        ):
            return AnswerKey(blocks=_span(blocks, number, parts), right={}, told=dict(entries))
    return None


def with_folds(key: AnswerKey, details: Sequence[Details]) -> AnswerKey:
    """The key with the `<details>` that stand below its title, and hold nothing else."""
    if not key.blocks:
        return key
    first, last = key.blocks[0].first, key.blocks[-1].last
    inner = (one for one in details if one not in key.folds and first < one.first < last)
    return replace(key, folds=(*key.folds, *inner))


def announces_key(blocks: Sequence[Block], folds: Sequence[Details]) -> bool:
    """Whether a heading, bold line, line or `<details>` of a note says that the answers follow."""
    return any(folds_answers(one) for one in folds) or any(
        _title_of(block) is not None or (block.kind is Kind.PARAGRAPH and IN_LINE.match(block.text)) for block in blocks
    )


def folds_answers(region: Details) -> bool:
    """Whether a `<details>` is called "Answers", and not only "Answer" as one of a single question may be."""
    return bool(region.summary) and _FOLDS.search(region.summary) is not None


def _title_of(block: Block) -> str | None:
    """What a heading or bold line says if it announces a key; None for other blocks."""
    title = title_line(block)
    return title if title is not None and _TITLE.match(plain(undecorated(title)).strip("* ")) else None


def title_line(block: Block) -> str | None:
    """The text of a heading or bold line, or of a line that only says "Answers"; None for other blocks."""
    if block.kind is Kind.HEADING:
        return block.text
    plain_line = block.kind is Kind.PARAGRAPH and "\n" not in block.text and ANSWERS.match(block.text) is not None
    return block.text if plain_line else bold_line(block)


def is_remark(block: Block) -> bool:
    """Whether a line between a title and its answers only speaks of them: "*(Do the quiz first.)*"."""
    line = block.text.strip()
    apart = unwrapped(line) != line or line[:1] in _BRACKETS or line.endswith((":", "\uff1a"))
    return block.kind is Kind.PARAGRAPH and apart and "\n" not in line and not any(at for at, _ in entries_of(block))


def remarks_of(key: AnswerKey) -> Iterator[Block]:
    """The lines of a key that only speak of its answers."""
    for title, block in pairwise(key.blocks):
        if title_line(title) is not None and block.kind is Kind.PARAGRAPH and is_remark(block):
            yield block


def unshown_headings(key: AnswerKey, blocks: Sequence[Block]) -> Iterator[Block]:
    """The headings below a key's title with a word that stands neither outside of the key nor in what it tells."""
    inner = [block for block in key.blocks[1:] if block.kind is Kind.HEADING]
    if not inner:
        return
    within = {id(block) for block in key.blocks}
    outside = texts_of([block for block in blocks if id(block) not in within])
    texts = (*(block.text for block in outside), *key.told.values(), *key.whole.values())
    shown = {word for text in texts for word in _WORD.findall(text.lower())}
    yield from (heading for heading in inner if not shown.issuperset(words_of(heading)))


def repeated_words(blocks: Sequence[Block]) -> frozenset[str]:
    """The words that stand in several headings of a note: those above parts of a key say nothing else."""
    counts = Counter(word for block in blocks if block.kind is Kind.HEADING for word in set(words_of(block)))
    return frozenset(word for word, times in counts.items() if times > 1)


def words_of(heading: Block) -> list[str]:
    """The words and numbers of a heading in lower case."""
    return _WORD.findall(heading.text.lower())


def _parts_of(blocks: Sequence[Block], number: int, known: frozenset[str]) -> list[Block]:
    """The block below the title of a key; in paragraphs, or below headings that repeat others, all that count on."""
    title, first = blocks[number], blocks[number + 1]
    if is_remark(first) and number + 2 < len(blocks):
        number, first = number + 1, blocks[number + 2]
    in_paragraphs = first.kind is Kind.PARAGRAPH and [at for at, _ in entries_of(first)] == [1]
    if not in_paragraphs and (title.kind is not Kind.HEADING or first.kind is not Kind.HEADING):
        return [first]
    parts: list[Block] = []
    last = 0
    for block in blocks[number + 1 :]:
        if block.kind is Kind.HEADING and block.level > title.level and known.issuperset(words_of(block)):
            continue
        found = [at for at, _ in entries_of(block)] if block.kind is not Kind.RULE else [0]
        if not found or found[0] != last + 1:
            break
        parts.append(block)
        last = found[-1]
    return parts


def _span(blocks: Sequence[Block], number: int, parts: Sequence[Block]) -> tuple[Block, ...]:
    """The title of a key and all that stands up to the last of its parts."""
    return tuple(block for block in blocks[number:] if block.first <= parts[-1].first)


def with_key(sections: Sequence[ParsedSection], key: AnswerKey) -> list[ParsedSection]:
    """The sections, in which the key says which options of the questions are right that do not say so themselves."""
    number = 0
    told = []
    for section in sections:
        questions = []
        for question in section.questions:
            number += 1
            told_of = key.told if question.choices or not key.whole else key.whole
            questions.append(_keyed(question, key.right.get(number, frozenset()), told_of.get(number, "")))
        told.append(replace(section, questions=tuple(questions)))
    return told


def _keyed(question: ParsedQuestion, right: frozenset[int], told: str) -> ParsedQuestion:
    """A question with what the key says; of one that has its answer already, this stays the first part of it."""
    told = without_its_name(told) if question.choices else told
    answer = "\n\n".join(part for part in (question.answer, told) if part)
    if right and not question.answered and max(right) < len(question.choices):
        choices = (replace(choice, right=place in right) for place, choice in enumerate(question.choices))
        return replace(question, choices=tuple(choices), answer=answer)
    says_nothing = not (question.choices or question.answer or question.expected or question.flashcard)
    if says_nothing and (stated := truth_of(question.prompt, told)) is not None:
        return replace(question, expected=stated[0], answer=stated[1])
    return replace(question, answer=answer)


def entries_in_line(line: str) -> list[tuple[int, str]]:
    """Number and letter of each entry of a line of letters alone, such as "1. B 2. A"; empty for another one."""
    parts = [_ENTRY.match(part) for part in _parts(line.strip())]
    found = [(int(one["number"]), one["rest"]) for one in parts if one is not None]
    return found if len(found) > 1 else []


def entries_of(block: Block) -> Iterator[tuple[int, str]]:
    """Number and text of each entry of a list, a table, or lines."""
    if block.kind in LISTS:
        alone = all(len(item.children) == 1 for item in block.children)
        heads = [item.children[0].text if alone else "" for item in block.children]
        numbers = [item.info for item in block.children] if block.kind is Kind.NUMBERS else []
        texts = [f"{number}. {head}" for number, head in zip(numbers, heads, strict=True)] if numbers else heads
        texts = [part for text in texts for part in _parts(text)]
    elif block.kind is Kind.TABLE:
        texts = _rows(block.cells)
    else:
        is_text = block.kind is Kind.PARAGRAPH or (block.kind is Kind.CODE and not block.info)
        texts = [part for line in block.text.strip().split("\n") if is_text for part in _parts(line)]
    for text in texts:
        found = _ENTRY.match(text)
        yield (int(found["number"]), _NAME.sub("", _OPEN.sub("", found["rest"]))) if found is not None else (0, text)


def _rows(cells: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a table, number and text; of one whose columns repeat, `Q | A | Q | A`, each part below the other."""
    heads = [head.strip().lower() for head in cells[0]]
    width = next((width for width in (2, 3) if heads == heads[:width] * (len(heads) // width)), len(heads))
    starts = range(0, len(heads), width)
    parts = [row[at : at + width] for at in starts for row in cells[1:]]
    return [": ".join(part[:2]) for part in parts if len(starts) == 1 or any(cell.strip() for cell in part)]


def without_name(text: str) -> str:
    """A text without the "Correct answer:" that it begins with, if letters follow."""
    rest = _NAME.sub("", text)
    return rest if letters_of(rest) is not None else text


def _parts(line: str) -> list[str]:
    """The entries of a line that holds several, such as "1-B, 2-D"; else the line."""
    found = list(_IN_LINE.finditer(line))
    whole = len(found) > 1 and sum(len(one[0]) for one in found) == len(line.strip())
    return [f"{one['number']}. {one['letter']}" for one in found] if whole else [line]


def letters_of(text: str) -> tuple[frozenset[int], str] | None:
    """The places of the options that an entry names, from 0, and what it says beside; None if it names none."""
    first, _, rest = text.partition("\n")
    found = _LETTERS.match(first)
    if found is None:
        return None
    return _places(found["letters"]), "\n".join(filter(None, (found["why"] or found["said"], rest))).strip()


def _places(letters: str) -> frozenset[int]:
    return frozenset(ord(letter) - ord("A") for letter in re.findall(r"\b[A-L]\b", letters.upper()))
