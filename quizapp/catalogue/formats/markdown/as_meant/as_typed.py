"""Lines as people type and paste them, written as the Markdown that they stand for. Pure. Lines count from 0.

CommonMark takes each of them for something else: a box without a bullet for text, a number without a blank behind its
stop for text, the items of a list in HTML for HTML.
"""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.markdown.wording import Asks, read

FEWEST = 2  # boxes, or lone numbers, of a note; a single one is something else
_BOX = re.compile(
    r"^(?P<indent> {0,6})(?P<bullet>[-*+] ?)?(?P<box>\[[ xX]\]|\([ xX]\)(?=\s)|\[(?P<double>[\[(][ xX][\])])\](?=\s))"
    r"\s?(?P<text>[^\s(\[:].*)$"
)
_LONE_NUMBER = re.compile(r"^ {0,3}(?P<number>\d{1,3}[.)])\s*$")
_TIGHT_NUMBER = re.compile(r"^(?P<number> {0,3}(?P<value>\d{1,3})[.)])(?=[^\W\d_]{2}|[\u00bf\"'])")
_APART_NUMBER = re.compile(r"^ {0,3}(?P<value>\d{1,3}) \)\s*(?=[^\W\d_])")  # "7 ) What …"
_NUMBER = re.compile(r"^ {0,3}(?P<value>\d{1,3})[.)]\s")
_HEADED_NUMBER = re.compile(r"^(?P<marks>#{1,6})\s+(?P<value>\d{1,3})[.)]")
# Questions of FlashQuiz: `@mc 1) What …?`, with `= b` below the options.
_AT = re.compile(r"^@(?:mc|sata|tf|fib|sa|match|list)\s+(?:(?P<number>\d{1,4})[.)]\s*)?(?=\S)")
_MARKED = re.compile(
    r"^\?(?:\[(?P<label>[^\[\]]+)\](?:\(\w+\))?\s*$|:\s+(?P<line>\S.*)$)"
)  # `?[What …?]`, `?: What …?`
_PAGE = re.compile(
    r"^\s*(?:\d{1,4}\s*\|\s*P ?a ?g ?e|P ?a ?g ?e\s*\|?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
    r"|[-\u2013]\s*Page\s\d{1,4}\s*[-\u2013])\s*$"
)
_PAGE_SIGN = re.compile("P ?a ?g ?e")
_OF_DUMP = "Explanation/Reference"
_ABOVE_IN_DUMP = re.compile(r"\s*(?:Section: ?\(none\)|Explanation)?\s*$")
PAGE_CHARS = 40
_UNSHOWN = (
    (re.compile("<[sS]"), re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style>\s*$", re.IGNORECASE)),
    (re.compile(":PROPERTIES:"), re.compile(r":PROPERTIES:\s*$"), re.compile(r"^:END:\s*$")),
)
# The older form of MkDocs' plugin for quizzes: a line for each part between `<?quiz?>` and `<?/quiz?>`.
_QUIZ = re.compile(r"^\s*<\?(?P<closes>/?)quiz\?>\s*$")
_OF_QUIZ = re.compile(r"^\s*(?P<name>question|answer-correct|answer|content):[ \t]*(?P<text>.*)$")
_MEANT_BY = {"question": "Q: ", "answer-correct": "- [x] ", "answer": "- [ ] ", "content": "A: "}
_EQUALS = re.compile(r"^=\s+(?=\S)")
_HTML_ITEM = re.compile(r"<(?P<closes>/?)(?P<name>ol|ul|li)\b(?P<rest>[^<>]{0,200})>", re.IGNORECASE)
_ATX = re.compile(r"^#{1,6}\s")
_OPENED = re.compile(r"(?:<(?:span|p|font)\b[^<>]{0,200}>\s*)+", re.IGNORECASE)
_LETTERED = re.compile(r"type\s*=\s*[\"']?[Aa]\b")
_BREAK = re.compile(r"^\s*(?:<br\s?/?>\s*)+$", re.IGNORECASE)
_LETTER = re.compile(r"^(?P<indent> {0,6})[a-z][.)]\s+(?P<text>\S.*)$")
_SECOND = re.compile(r"b(?<=[ \n]b)[.)] ")  # stands in each note with lines that have letters
_MDANKI_TAGS = re.compile(r"^(?:\[#[\w/-]{1,60}\]\(\)[ \t]*){1,20}$")  # `[#net]() [#docker]()`, as mdanki has them
_MDANKI_TAG = re.compile(r"\[#([\w/-]+)\]")
_FIRSTS = "[(?-*+@0123456789"  # with which a line begins that may stand for another
WORDS_OF_TOPIC = 5  # with the number before them
INDENT = 4  # columns of an item in the item above it


def meant(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that stand for others, each with the line that is meant."""
    found: dict[int, str] = {}
    boxes: dict[int, str] = {}
    alone: list[int] = []
    tight: list[int] = []
    loose: dict[int, str] = {}
    dashes: list[int] = []
    numbers: set[int] = set()
    at_signs = False
    for number, line in enumerate(lines):
        first = line[:1]
        if first == " ":
            first = line.lstrip()[:1]
        if first not in _FIRSTS or not first or number in code:
            continue
        if line.startswith("[#") and _MDANKI_TAGS.match(line) is not None:
            found[number] = f"*Tags:* {', '.join(_MDANKI_TAG.findall(line))}"
        elif first in "[(-*+":
            if ("[" in line[:10] or first == "(") and (box := _BOX.match(line)) is not None:
                mark = box["double"] or box["box"]  # LiaScript's boxes have two pairs of brackets
                boxes[number] = f"{box['indent']}{(box['bullet'] or '-').strip()} {mark} {box['text']}"
            elif line.rstrip() == "--":
                dashes.append(number)  # reveal.js parts slides so that stand one below the other
        elif first.isdigit():
            if (proper := _NUMBER.match(line)) is not None:
                numbers.add(int(proper["value"]))
            elif (parted := _APART_NUMBER.match(line)) is not None:
                loose[number] = f"{parted['value']}) {line[parted.end() :]}"
            elif _LONE_NUMBER.match(line) is not None:
                alone.append(number)
            elif _TIGHT_NUMBER.match(line) is not None:
                tight.append(number)
        elif first == "?":
            if (marked := _MARKED.match(line)) is not None:
                found[number] = f"Q: {marked['label'] or marked['line']}"
        elif first == "@" and (named := _AT.match(line)) is not None:
            found[number] = f"Q{named['number'] or ''}: {line[named.end() :]}"
            at_signs = True
    below = [number for number in dashes if number and not lines[number - 1].strip()]
    found |= dict.fromkeys(below, "---") if len(below) >= FEWEST else {}
    found |= boxes if len(boxes) >= FEWEST else {}
    found |= loose if len(loose) >= FEWEST else {}
    found |= _with_their_text(lines, alone, code)
    found |= _with_blank(lines, tight, numbers)
    if at_signs:
        found |= {at: _EQUALS.sub("A: ", line) for at, line in enumerate(lines) if _EQUALS.match(line)}
    return found


def without_text(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that say nothing, each as a blank one.

    Those that only number a page of what a note was copied from, "12 | P a g e", style sheets, and Org's drawers of
    properties.
    """
    found: dict[int, str] = {}
    whole = "\n".join(lines)
    for sign, begins, ends in _UNSHOWN:
        if sign.search(whole) is None:
            continue
        first: int | None = None
        for number, line in enumerate(lines):
            if number in code or line[:1] not in ("<", ":"):
                continue
            if first is None and begins.match(line):
                first = number
            if first is not None and ends.search(line):
                found |= dict.fromkeys(range(first, number + 1), "")
                first = None
    found |= _page_numbers(lines, code) if _PAGE_SIGN.search(whole) is not None else {}
    return found | _empty_names(lines, code) if _OF_DUMP in whole else found


def _empty_names(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The names that a printed exam has before each explanation: "Section: (none)", "Explanation", and once more."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        if not line.startswith(_OF_DUMP) or line.strip(" :") != _OF_DUMP or number in code:
            continue
        found[number] = ""
        before = number - 1
        while before >= 0 and before not in code and _ABOVE_IN_DUMP.match(lines[before]):
            found[before] = ""
            before -= 1
    return found


def _page_numbers(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    short = (
        number for number, line in enumerate(lines) if len(line) < PAGE_CHARS and ("age" in line or "a g e" in line)
    )
    own = (number for number in short if number not in code and _PAGE.match(lines[number]))
    return dict.fromkeys(own, "")


def quizzes_of_mkdocs(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines between `<?quiz?>` and `<?/quiz?>` as a question, its options with boxes and its explanation."""
    found: dict[int, str] = {}
    inside = False
    for number, line in enumerate(lines):
        if number in code or not (inside or "<?" in line):
            continue
        if (frame := _QUIZ.match(line)) is not None:
            inside, found[number] = not frame["closes"], ""
        elif inside and (part := _OF_QUIZ.match(line)) is not None:
            found[number] = f"{_MEANT_BY[part['name']]}{part['text']}" if part["text"] else ""
    return found


def _with_their_text(lines: Sequence[str], alone: Sequence[int], code: Container[int]) -> dict[int, str]:
    """Numbers that stand on a line of their own, each before the text of the next line."""
    found: dict[int, str] = {}
    for number in alone:
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if below[:1].isalpha() and number + 1 not in code:
            found |= {number: "", number + 1: f"{lines[number].strip()} {below}"}
    return found if len(found) >= 2 * FEWEST else {}


def _with_blank(lines: Sequence[str], tight: Sequence[int], numbers: set[int]) -> dict[int, str]:
    """Numbers without a blank behind their stop, among others that have it and are counted on from them."""
    found: dict[int, str] = {}
    for number in tight:
        match = _TIGHT_NUMBER.match(lines[number])
        assert match is not None
        value = int(match["value"])
        if value not in numbers and numbers & {value - 1, value + 1}:
            found[number] = f"{match['number']} {lines[number][match.end() :]}"
    return found


def lettered_questions(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Lines with letters that ask, below a line that does not, as items of a list: "1. Disks", "a. What is LVM?"."""
    if _SECOND.search("\n".join(lines)) is None:
        return {}
    found: dict[int, str] = {}
    alone: dict[int, str] = {}
    number = 0
    while number < len(lines):
        first = number
        while number < len(lines) and number not in code and (own := _LETTER.match(lines[number])) is not None:
            number += 1
        group = [own for line in lines[first:number] if (own := _LETTER.match(line)) is not None]
        if group and first and not _sets_scene(lines[first - 1]):
            kinds = [read(own["text"]).asks for own in group]
            if min(kinds) > Asks.NOT and kinds.count(Asks.MARK) * 2 >= len(kinds):
                items = {first + at: f"{own['indent']}- {own['text']}" for at, own in enumerate(group)}
                found, alone = (found | items, alone) if len(group) >= FEWEST else (found, alone | items)
        number = max(number, first + 1)
    return found | alone if found else {}


def _sets_scene(line: str) -> bool:
    """Whether a line asks, or tells what the lettered lines below it ask about: a topic has few words."""
    text = line.rstrip(" *_")
    return text.endswith(QUESTION_MARKS) or (text.endswith((".", ":")) and len(text.split()) > WORDS_OF_TOPIC)


def headings_left_out(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Lines that ask, and whose number is missing between those of the headings before and after it, as headings."""
    headed = {
        number: (int(own["value"]), own["marks"])
        for number, line in enumerate(lines)
        if line[:1] == "#" and number not in code and (own := _HEADED_NUMBER.match(line)) is not None
    }
    if len(headed) < FEWEST:
        return {}
    counted = {value for value, _ in headed.values()}
    found: dict[int, str] = {}
    for (before, (last, _)), (after, (value, marks)) in pairwise([(-1, (0, "")), *headed.items()]):
        if value == last + 1 or value - 1 in counted:
            continue
        for number in range(before + 1, after):
            line = lines[number]
            begun = _NUMBER.match(f"{line} ") or _TIGHT_NUMBER.match(line)
            above = lines[number - 1].strip("-= ") if number else ""
            alone = not above and not lines[number + 1].strip()
            if (
                begun is not None
                and int(begun["value"]) == value - 1
                and line.rstrip().endswith(QUESTION_MARKS)
                and alone
            ):
                found[number] = f"{marks} {line.strip()}"
    return found


def _without_opened(text: str) -> str:
    """A text without the tags before it that are not closed behind it: `<span class="n">Which …`."""
    opened = _OPENED.match(text)
    return text[opened.end() :] if opened is not None and "</" not in text else text


def html_lists(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines of lists in HTML as those of lists in Markdown; empty if two items stand on one line."""
    found: dict[int, str] = {}
    open_lists: list[tuple[bool, bool]] = []
    counts: list[int] = []
    by_style = any("-alpha" in line for line in lines)  # a style that letters the lists in other lists
    for number, line in enumerate(lines):
        if number in code:
            continue
        if line[:1] == "#" and _ATX.match(line):  # a list that was never closed ends with its section
            open_lists, counts = [], []
        tags = list(_HTML_ITEM.finditer(line)) if "<" in line else []
        begun = [tag for tag in tags if not tag["closes"] and tag["name"].lower() == "li"]
        if len(begun) > 1:
            return {}
        for tag in tags:
            name = tag["name"].lower()
            if name == "li":
                continue
            if not tag["closes"]:
                lettered = _LETTERED.search(tag["rest"]) is not None or (name == "ol" and by_style and bool(open_lists))
                open_lists.append((name == "ol", lettered))
                counts.append(0)
            elif open_lists:
                open_lists.pop()
                counts.pop()
        text = _without_opened(_HTML_ITEM.sub("", line).strip())
        depth = len(open_lists)
        if begun and depth:
            counts[-1] += 1
            numbered, lettered = open_lists[-1]
            letter = f"- {chr(64 + counts[-1])}." if counts[-1] <= 26 else "-"
            mark = letter if lettered else f"{counts[-1]}." if numbered else "-"
            found[number] = f"{' ' * INDENT * (depth - 1)}{mark} {text}"
        elif depth or tags:
            found[number] = "" if not text or _BREAK.match(text) else f"{' ' * INDENT * depth}{text}"
    return found
