"""Reads the options of a question in the ways people list them, and which of them are right. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.labels import option_of
from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import is_sign, undecorated, unwrapped
from quizapp.catalogue.formats.parsed import LineUse

BEGIN_OF_LETTER = 4  # characters of a line within which its letter stands: `**(A`
MOST_LETTERS = 12  # of the options of one question; the most seen is 8
LETTER = re.compile(r"^(?P<mark>\*{1,2})?\(?(?P<letter>[A-La-l])[.):](?P<closed>\*{1,2})?\s+(?P<text>\S.*)$", re.DOTALL)
_CODED = re.compile(r"`(?P<letter>[A-La-l][.):])\s+(?P<text>[^`\n]+)`")
# "_Feedback: it is none._" below an option: why it is right or wrong.
_REMARK = re.compile(r"^(?P<mark>\*|_)(?P<text>(?:Feedback\b|Correct\b|Incorrect\b|Right\b|Wrong\b)[^*_]*)(?P=mark)$")
_RIGHT_SIGNS = "\u2705\u2713\u2714\u2611"
_RIGHT_AT_END = re.compile(
    rf"[{_RIGHT_SIGNS}]\ufe0f?[*_]{{0,2}}\s*$|[(\[](?:correct|right)(?:\s+answer)?[)\]][*_]{{0,2}}\s*$"
    r"|\{\s*(?:data-)?correct\s*\}\s*$",
    re.IGNORECASE,
)

_CROSSED = re.compile(r"(?<=\S)\s{3,}\(?[xX]\)?$")  # a cross set apart behind the right one
_CALLED_RIGHT = re.compile(
    r"(?<!\s)\s*(?:[(\[](?:correct|right)(?:\s+answer)?[)\]]|\{\s*(?:data-)?correct\s*\})\s*$", re.IGNORECASE
)
_VOTED = re.compile(r"(?<!\s)\s*[*_(\[]{0,3}Most Voted[)\]*_]{0,3}\s*$")  # of a forum: it says what most take for right
_ENDS_OF_CALLED = frozenset(")]}xX")  # with what one of these two ends
# Options that are named and counted, "C1: yes": their letters are no letters, and a key says `C1`, or `1`.
_COUNTED = re.compile(r"^(?:C|O|Opt|Option|Choice)\s?(?P<number>\d)\s?[.):]\s+(?P<text>\S.*)$")


@dataclass(kw_only=True)
class Option:
    """One option as it was read."""

    letter: str
    """In upper case; empty without one."""
    text: str
    right: bool
    why: str = ""


def listed_options(block: Block, source: Source, *, labelled: bool = False) -> list[Option] | None:
    """The options of a list of tasks (`- [x]`) or of letters (`- A. `); None for any other list.

    Right ones alone may have a box, but not below the label *Options:* (`labelled`), where one that has none is told.
    """
    texts = [uncoded(text) if (text := head_of(item)).startswith("`") else text for item in block.children]
    if len(texts) < 2:
        return None
    if option_of(texts[0]) is None and (LETTER.match(texts[0]) is None or any(map(option_of, texts))):
        return _ticked(block, texts, source) if not labelled else None
    tasks = [option_of(text) for text in texts]
    if all(tasks):
        if _ask_themselves([task[1] for task in tasks if task is not None]):
            return None
        return _without_letters([_task(item, text, source) for item, text in zip(block.children, texts, strict=True)])
    if tasks[0] is not None and not labelled and (ticked := _ticked(block, texts, source)) is not None:
        return ticked
    letters = [LETTER.match(text) for text in texts]
    if len(texts) > MOST_LETTERS or not all(letters):
        return None
    found = [one for one in letters if one is not None]
    if sorted(one["letter"].upper() for one in found) != [chr(65 + number) for number in range(len(found))]:
        return None
    if _ask_themselves([one["text"] for one in found]):
        return None
    options = [_lettered(one, item, source) for one, item in zip(found, block.children, strict=True)]
    return sorted(options, key=lambda option: option.letter)  # a key counts by letters, in whatever order they stand


def is_boxed(item: Block) -> bool:
    """Whether an item begins with a box, `[ ]` or `[x]`."""
    return option_of(head_of(item)) is not None


def _ticked(block: Block, texts: Sequence[str], source: Source) -> list[Option] | None:
    """The options of a list of short texts the right ones of which alone have a box, `[x]`; None for any other list."""
    right = [text.startswith(("[x]", "[X]")) for text in texts]
    if not any(right) or all(right) or len(texts) > MOST_LETTERS or any(text.startswith("[ ]") for text in texts):
        return None
    if any(len(item.children) != 1 or not text for item, text in zip(block.children, texts, strict=True)):
        return None
    return _without_letters(
        [
            _task(item, text, source) if ticked else Option(letter="", text=text, right=False)
            for item, text, ticked in zip(block.children, texts, right, strict=True)
        ]
    )


def _without_letters(options: list[Option]) -> list[Option]:
    """Options whose texts begin with their letters in order, without these: a quiz may shuffle them.

    A letter alone above code stays.
    """
    found = [LETTER.match(option.text) if option.text[2:].split("\n", 1)[0].strip() else None for option in options]
    if [one["letter"].upper() if one is not None else "" for one in found] != [
        chr(65 + at) for at in range(len(found))
    ]:
        return options
    for option, one in zip(options, found, strict=True):
        assert one is not None
        bare = _of_letter(one)
        option.letter, option.text, option.right = bare.letter, bare.text, option.right or bare.right
    return options


def with_code_of_options(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which lists of tasks that code parts are one list, with the code below its option."""
    last = max((place for place, block in enumerate(blocks) if _is_tasks(block)), default=-1)
    merged: list[Block] = []
    for place, block in enumerate(blocks):
        before = merged[-1] if merged and _is_tasks(merged[-1]) else None
        parted = before is not None and any(len(item.children) > 1 for item in before.children[:-1])
        if before is not None and block.kind is Kind.CODE and (place < last or parted or _is_named(before)):
            before.children[-1].children.append(block)
            before.last = before.children[-1].last = block.last
        elif before is not None and _is_tasks(block):
            before.children += block.children
            before.last = block.last
        else:
            merged.append(block)
    return merged


def _is_tasks(block: Block) -> bool:
    return block.kind is Kind.BULLETS and all(option_of(head_of(item)) is not None for item in block.children)


def _is_named(block: Block) -> bool:
    """Whether a list is one option that only announces what follows, such as "A:"."""
    return len(block.children) == 1 and head_of(block.children[0]).rstrip().endswith(":")


def line_options(lines: Sequence[str]) -> tuple[int, int, list[Option]] | None:
    """Where in a text's lines options begin, where what follows them does, and these options."""
    for start, line in enumerate(lines):
        if "1" in line and is_counted(line):
            return _counted_options(lines, start)
        begin = line.lstrip()[:BEGIN_OF_LETTER]
        found = LETTER.match(line.strip()) if "A" in begin or "a" in begin else None  # most lines have none there
        if found is None or found["letter"].upper() != "A":
            continue
        options: list[Option] = []
        end = start
        for number, other in enumerate(lines[start:], start=start):
            one = LETTER.match(other.strip())
            if one is None and options and other.strip():
                if (remark := _REMARK.match(other.strip())) is not None:
                    options[-1].why, end = remark["text"], number + 1
                    continue
                if _is_wrapped(lines, number, len(options)):
                    options[-1].text += f"\n{other.strip()}"
                    continue
            if other.strip() and (one is None or one["letter"].upper() != chr(65 + len(options))):
                break
            if one is not None:
                options.append(_of_letter(one))
                end = number + 1
        asking = _ask_themselves([option.text for option in options])
        return (start, end, options) if len(options) >= 2 and not asking else None
    return None


def is_counted(line: str) -> bool:
    """Whether a line is the first of options that are named and counted."""
    found = _COUNTED.match(line.strip())
    return found is not None and found["number"] == "1"


def _counted_options(lines: Sequence[str], start: int) -> tuple[int, int, list[Option]] | None:
    options: list[Option] = []
    for line in lines[start:]:
        found = _COUNTED.match(line.strip())
        if found is None or int(found["number"]) != len(options) + 1:
            break
        options.append(_signed("", found["text"].strip()))
    return (start, start + len(options), options) if len(options) > 1 else None


def _is_wrapped(lines: Sequence[str], number: int, options: int) -> bool:
    """Whether a line without a letter goes on with the option above it: right below it stands the next letter."""
    found = LETTER.match(lines[number + 1].strip()) if number + 1 < len(lines) and lines[number - 1].strip() else None
    return found is not None and found["letter"].upper() == chr(65 + options)


def uncoded(text: str) -> str:
    """A text that is one code span from its letter on, `` `A. ls` ``, as a letter and a code span: ``A. `ls` ``."""
    found = _CODED.fullmatch(text.strip()) if text[:1] == "`" else None
    return f"{found['letter']} `{found['text']}`" if found is not None else text


def options_joined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which options that are paragraphs of one line each (`A. …`, `B. …`) are one paragraph."""
    joined: list[Block] = []
    expected = ""
    for block in blocks:
        if block.children:
            block.children = options_joined(block.children)
        line = block.text.rsplit("\n", 1)[-1] if block.kind is Kind.PARAGRAPH else ""
        line = block.text.split("\n", 1)[0] if line[:1] in ("*", "_") and _is_remarked(block.text) else line
        found = LETTER.match(line)
        letter = found["letter"].upper() if found is not None else ""
        if letter and letter == expected and ("\n" not in block.text or _is_remarked(block.text)):
            before = joined[-1]
            blank = "\n" * (block.first - before.last + 1)
            joined[-1] = replace(before, last=block.last, text=f"{before.text}{blank}{block.text}")
        else:
            joined.append(block)
            letter = letter if letter == "A" else ""
        expected = chr(ord(letter) + 1) if letter else ""
    return joined


def _is_remarked(text: str) -> bool:
    """Whether a text is an option and a remark below it."""
    first, _, remark = text.partition("\n")
    return LETTER.match(first) is not None and _REMARK.match(remark) is not None


def plain_options(block: Block, source: Source, *, fewest: int = 2) -> list[Option] | None:
    """The items of a plain list of short texts, which the words of an answer may show to be options."""
    if not fewest <= len(block.children) <= MOST_LETTERS:
        return None
    if any(len(item.children) != 1 or item.children[0].kind is not Kind.PARAGRAPH for item in block.children):
        return None
    options = [_signed(chr(65 + number), head_of(item)) for number, item in enumerate(block.children)]
    if block.first in source.bold_options:
        use_bold(options)
    return options


def options_in_line(text: str) -> list[Option]:
    """The options of a line behind their name, `Choices: a; b; c`; none if it holds no several texts."""
    parts = [part.strip() for part in text.split(";")] if ";" in text else [part.strip() for part in text.split(", ")]
    several = 2 <= len(parts) <= MOST_LETTERS and "\n" not in text and all(parts)
    return [_signed(chr(65 + place), part) for place, part in enumerate(parts)] if several else []


def signed_options(block: Block, source: Source) -> list[Option] | None:
    """The items of a plain list some of which end with the sign of the right one; None for any other list."""
    ended = [_RIGHT_AT_END.search(head_of(item)) is not None for item in block.children]
    return plain_options(block, source) if any(ended) and not all(ended) else None


def use_bold(options: Sequence[Option]) -> None:
    """Mark the options that are bold from end to end, if none is said to be right and others are not bold."""
    bold = [is_bold(option.text) for option in options]
    if any(option.right for option in options) or not any(bold) or all(bold):
        return
    for option, right in zip(options, bold, strict=True):
        option.right, option.text = right, unwrapped(unwrapped(option.text)) if right else option.text


def is_bold(text: str) -> bool:
    """Whether a text is bold from end to end."""
    inner = unwrapped(text) if text[:1] in ("*", "_") else text
    return inner != text and (
        text.startswith(("**", "__")) or (inner.startswith(("**", "__")) and unwrapped(inner) != inner)
    )


def without_telling_bold(options: Sequence[Option]) -> None:
    """Take off the bold of the right options where no other one has it: it would tell which these are."""
    bold = [option for option in options if unwrapped(option.text) != option.text]
    if all(option.right for option in bold):
        for option in bold:
            option.text = unwrapped(option.text)


def note_lines(source: Source, block: Block) -> None:
    """Say in the account that a block's lines are options."""
    source.use(block.lines, LineUse.OPTION)


def _ask_themselves(texts: Sequence[str]) -> bool:
    """Whether most of what looks like options are questions: parts of one that is asked in parts."""
    return sum(text.rstrip(" *_").endswith(QUESTION_MARKS) for text in texts) * 2 > len(texts)


def head_of(item: Block) -> str:
    """The text of an item's first paragraph; empty if it begins with something else."""
    return item.children[0].text if item.children and item.children[0].kind is Kind.PARAGRAPH else ""


def _task(item: Block, text: str, source: Source) -> Option:
    found = option_of(text)
    assert found is not None
    right, words, why = found
    letter = LETTER.match(words)
    return Option(
        letter=letter["letter"].upper() if letter else "", text=_whole(words, item, source), right=right, why=why
    )


def _lettered(found: re.Match[str], item: Block, source: Source) -> Option:
    option = _of_letter(found)
    option.text = _whole(option.text, item, source)
    return option


def _of_letter(found: re.Match[str]) -> Option:
    text = found["text"].strip()
    if found["mark"] and not found["closed"]:
        text = f"{found['mark']}{text}"
    return _signed(found["letter"].upper(), text)


def _signed(letter: str, text: str) -> Option:
    """An option whose text may carry the sign of the right one: a tick, or "(correct)" behind it."""
    text = _VOTED.sub("", text) if "Most Voted" in text else text
    right = any(sign in text for sign in _RIGHT_SIGNS)
    may_be_called = text.rstrip()[-1:] in _ENDS_OF_CALLED
    if may_be_called and (found := (_CALLED_RIGHT.search(text) or _CROSSED.search(text))):
        text, right = text[: found.start()], True
    plain = undecorated(text) if right or (text and is_sign(text[-1])) else text
    return Option(letter=letter, text=plain, right=right)


def _whole(text: str, item: Block, source: Source) -> str:
    """An option's text with the blocks below its first paragraph, such as code."""
    return "\n\n".join([text, *(source.text_of(block) for block in item.children[1:])]).strip()
