"""Tells from a line of text whether it asks, and takes off what it is numbered or decorated with. Pure."""

import re
import unicodedata
from enum import IntEnum
from typing import NamedTuple

from quizapp.catalogue.formats.markdown.labels import (
    answer_behind,
    bold_lead,
    remembered,
    without_code,
    without_id,
)
from quizapp.catalogue.formats.markdown.languages import (
    ASKING_WORDS,
    CONTENTS,
    COUNTED_QUESTION,
    ORDERS,
    PROBLEM_NAMES,
    QUESTION_BEGINS,
    QUESTION_LETTERS,
    QUESTION_MARKS,
    QUESTION_NAMES,
    QUESTION_PARTS,
    WIDE,
    asks_without_blanks,
    ends_asking,
    orders_without_blanks,
)

UNFINISHED = re.compile(r"(?:[:\u2026]|\.\.\.|_{3,}\W*)$")  # a line that the answer completes
# A gap that is to be filled: "The command ____ lists files", or the blanks that are left for it on paper.
TO_FILL = re.compile(r"_{3,}|\S {5,}\S")
_WIDE_LETTER = re.compile(f"[{WIDE}]")
FEWEST_BLANKS = 2  # in a text that asks by its "can" or "is" and has no question mark: "Can roll back" tells
LINE_MAX_CHARS = 1_000  # a longer heading or line is no question that anybody would ask; the longest seen has 600


class Asks(IntEnum):
    """How plainly a line asks, from not at all to by its name."""

    NOT = 0
    OPENING = 1  # it begins like a question and has no question mark: "How a bridge works"
    IMPERATIVE = 2  # "Explain …"
    MARK = 3  # it has a question mark, or a number and points: "2. (5 points) Sketch …"
    NAMED = 4  # "Q1. …", "Question 3: …"


def _has_wide(text: str) -> bool:
    """Whether a text has letters of languages that write no blank between words."""
    return not text.isascii() and _WIDE_LETTER.search(text) is not None


def has_question_mark(text: str) -> bool:
    """Whether a text has a question mark of any script."""
    return "?" in text or (not text.isascii() and any(mark in text for mark in QUESTION_MARKS[1:]))


class AskedLine(NamedTuple):
    """A line that may ask, taken apart. Made of each line of a note: a tuple takes a third of a dataclass's time."""

    asks: Asks
    prompt: str
    """Its Markdown without name, number, decoration and id comment; empty for a line such as "Question 3"."""
    numbered: bool
    """Whether it begins with a number or with a name that has one."""
    number: str
    """The number that is written, such as "3" or "2.1"; empty without one."""


_NAME = rf"(?:Question|QUESTION|question|Ques|QUES|ques|Que|QUE|Qn|Q|q|{QUESTION_NAMES})s?"
# "Question 1 (easy) - …": a remark between number and sign, which stays with the prompt.
_REMARKED = r"(?=\((?![ivx]+\))[^()\n]{1,30}\)\s?[:\-\u2013\u2014]\s)(?=(?P<remarked>))"
# "Practice Question #1": words that may stand before the name, if a number follows.
_KINDS = (
    r"(?:(?:Practices?|Sample|Mock|Exam|Quiz|Review|Interview|Test|Coding|Technical|Bonus|Output|Design|Debug(?:ging)?"
    r"|Scenario|Behaviou?ral|Conceptual|Tricky|Advanced|Basic)\s(?=[Qq]))?"
)
# "[5 points]", "(10 pts)": what an exam gives for a question, behind its number or before its words.
_POINTS = r"[(\[]\s?\d{1,3}(?:\.\d)?\s?(?:points?|pts?|marks?|pt)\.?\s?[)\]]"
POINTS = re.compile(rf"[*_]{{0,2}}{_POINTS}[*_]{{0,2}}\s*$", re.IGNORECASE | re.MULTILINE)
_SCORED = re.compile(rf"{_POINTS}[.:\s\-\u2013\u2014]*", re.IGNORECASE)
# What a dump of an exam says of a question behind its number: "QUESTION NO: 3 FILL BLANK".
_EXAM_KIND = r"(?:\s(?:FILL(?: IN THE)? BLANKS?|DRAG ?(?:AND )?DROP|HOT ?SPOT|SIMULATION|CORRECT ?TEXT)(?=\s|$))?"
_NO_RANGE = r"(?![-\u2013\u2014](?:Q\s?)?\d)"  # "Questions 1-10 of 120" is a remark on the bank
_NAMED = re.compile(
    rf"(?P<mark>\*{{1,3}}|_{{1,3}})?\s?(?:"
    rf"{_KINDS}{_NAME}\.?\s?(?:(?:[Nn][Oo]|\u2116)\.?\s?:?\s?)?(?:#:?|-)?\s?(?P<number>\d{{1,4}}(?:\.\d{{1,3}})*)(?:\.?[a-h](?=[.):]))?{_NO_RANGE}(?:\s?(?:/|\bof\b)\s?\d+)?{_EXAM_KIND}(?P<points>\s?(?i:{_POINTS}))?\s?(?P<after>[:.)\]\-\u2013\u2014|\uff1a\u3001\uff0e]+|{_REMARKED}|)"
    rf"|{_KINDS}{_NAME}\s?(?:[:)\-\u2013\u2014.](?!\w)|\uff1a)|{_KINDS}{_NAME}(?=(?P=mark)\s?[:)\-\u2013\u2014.\uff1a])|(?P<before>\d{{1,4}})\s?Q\s?[.):]+(?=\s?\w))"
    rf"(?P<closed>(?P=mark))?\s?[:.)\-\u2013\u2014\uff1a]*\s*"
)
_PLURAL = re.compile(r"[*_]{0,3}(?:\w+\s)?questions\b", re.IGNORECASE)  # "**Questions**: 25" is a figure of a bank
# Without a condition before it, which would be tried at each letter: `may_be_named` looks at the letter before.
_BEGINS_NAME = re.compile(rf"{_NAME}(?:[Nn][Oo])?(?![^\W\d_])")
# The letters and signs that one of these two patterns, or a digit or a blank, begins with.
_BEGIN_NAMES = frozenset(f"*_(QqPFSMERITCBODA{QUESTION_BEGINS}")
# What is numbered in the place of "Question": such a name alone says nothing yet, since a manual has scenarios too.
_PROBLEM = (
    r"(?:(?:Problem|Scenario|Challenge|Task|Exercise|Practice|Case|PROBLEM|SCENARIO|CHALLENGE|TASK|EXERCISE)\s+#?)?"
)
# Behind a number of several parts: "4.1 What …?", but not "2.4 GHz".
_PARTED = r"(?<=\d\.\d|\.\d\d)\s(?=[A-Z](?!i?B\b|Hz|bps|TS\b)\w)"
_NUMBER = re.compile(
    rf"(?P<mark>\*{{1,3}}|_{{1,3}})?\(?{_PROBLEM}(?P<number>\d{{1,4}}(?:\.\d{{1,3}})*)(?P<points>\s?(?i:{_POINTS}))?(?:\s?[.):\]|\u3001\uff0e\uff1a]+|\s?[-\u2013\u2014](?=\s)|\t+|{_PARTED})(?!\d)"
    r"(?P<closed>(?P=mark))?[:.)]?\s*"
)
_EXERCISE = re.compile(
    r"(?:Problem|Scenario|Challenge|Task|Exercise|Case|Practice)\s+#?(?P<number>\d{1,3})$", re.IGNORECASE
)
_PART_OF = re.compile(r"\([a-h]\)\s+(?=[A-Z\u00bf*`])")  # "(a) Why …?"
_COLONED = re.compile(
    r"(?<=\S)\s+:[a-z][\w@+-]*:(?:[a-z][\w@+-]*:)*$"
)  # tags of Org, `:drill:`, or the name of an emoji
_KEYCAP = re.compile(r"(?:(\d)\ufe0f?\u20e3)+\s*")
KEYCAPS_UNTIL = 12  # characters of a line in which they are looked for, behind emphasis and another picture
_BREAK = re.compile(r"(?:<br\s?/?>\s*)+$", re.IGNORECASE)
_WRAPS = ("***", "___", "**", "__", "*", "_")
_MARKED = re.compile(
    rf"[{''.join(QUESTION_MARKS)}][^\w`]*(?:[(\[\uff08][^()\[\]\uff08\uff09]{{0,60}}[)\]\uff09][^\w`]*)?$"
)
_ASKING = frozenset(
    {"what", "how", "why", "when", "where", "which", "who", "whose", "whom", "what's", "whats", "who's", "where's",
     "how's"}
)  # fmt: skip
_HELPERS = frozenset(
    {"can", "could", "is", "are", "do", "does", "did", "should", "would", "will", "has", "have", "was", "were", "may",
     "am", "isn't", "aren't"}
)  # fmt: skip
_IMPERATIVES = frozenset(
    {"explain", "describe", "define", "compare", "differentiate", "discuss", "mention", "outline", "elaborate",
     "illustrate", "distinguish", "summarize", "summarise", "contrast", "enumerate", "name", "list", "state", "tell",
     "give", "talk", "classify", "justify", "derive", "briefly"}
)  # fmt: skip
_TASKS = frozenset(
    {"write", "show", "design", "implement", "create", "demonstrate", "provide", "identify", "predict", "calculate",
     "walk"}
)  # fmt: skip
# "Write a SQL query to find the second highest salary": it asks whatever the note is.
_WANTED = re.compile(
    r"write (?:an?|the|one)\s(?:[\w/-]+\s){0,3}?"
    r"(?:query|queries|script|program|function|command|one-?liner|manifest|playbook)\b",
    re.IGNORECASE,
)
_DASHED = re.compile(r"(?P<asked>[^?]{3,}\?[\"'\u201d]?)\s+(?:[-\u2013\u2014]+>?|=>|>>|\u2192)\s+(?P<told>\S)")
_REASON = re.compile(r"[Ww]hy (?:[^\s:?]+\s){1,4}?(?:in)?(?:correct|wrong|right)[*_]{0,3}:")
# Behind a name such as "Question 3" that stands above the question: "(Difficulty: easy)".
_OF_LEVEL = re.compile(r"\((?:(?:difficulty|level|topic|type)\s?:[^()?]{1,40}|easy|medium|hard)\)", re.IGNORECASE)
_REMARK = re.compile(r"[*_`]*\[[\w ,/-]{1,40}\][*_`]*$")  # "[easy]" behind a question
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_CONTENTS = re.compile(
    r"^\W*(?:(?:table|list) of contents?|contents?|toc|index|(?:quick )?(?:navigation|links)|menu"
    rf"|{CONTENTS})\W*$",
    re.IGNORECASE,
)
_EMPTY_FENCE = re.compile(r"\s*(`{3,}|~{3,})\w*\s*\1\s*$")
_LINK_ALONE = re.compile(r"\[([^\[\]]{0,40})\]\([^()\n]*\)")
_PLACES = frozenset(
    {"answer", "link", "here", "click here", "see answer", "solution", "view", "\ub2f5\ubcc0", "\u7b54\u6848"}
)
_PLACEHOLDERS = frozenset(
    {"", "todo", "tbd", "to be completed", "answer here", "write your answer here", "your answer here", "-", "?",
     "to do", "coming soon", "pending", "wip", "n/a", "to be added", "to be done", "add answer"}
)  # fmt: skip


@remembered  # every detector reads every line of a note
def read(line: str, *, most: int = LINE_MAX_CHARS) -> AskedLine:
    """Take a line apart. Of a line of more than `most` characters it is only said that it does not ask."""
    text = without_id(line).strip()
    if len(text) > most:
        return AskedLine(asks=Asks.NOT, prompt=text, numbered=False, number="")
    named, scored, number = False, False, ""
    for _ in range(4):  # a number before a name before bold words, each with an emoji: four layers were seen at most
        before = text
        number = number or _keycap(text)
        text = unwrapped(undecorated(text))
        begin = text[:1]
        may_be = begin in _BEGIN_NAMES or begin.isdecimal() or begin.isspace()
        if may_be and (found := _NAMED.match(text)) and not (found["number"] is None and _PLURAL.match(text)):
            if found["before"]:
                named, number, text = True, found["before"], _opened(text, found)
            elif (
                found["number"] is None
                or found["after"]
                or found["points"]
                or found["remarked"] is not None
                or found["closed"]
                or (found[0].lstrip("*_ ")[:2] == "Q." and found[0][-1:].isspace())
                or "\n" in found[0]
                or _WIDE_LETTER.match(found[0])
                or not text[found.end() :].strip()
            ):
                named, number = True, found["number"] or number
                text = _opened(text, found)
        elif may_be and not number and (found := _NUMBER.match(text)):
            number, scored = found["number"], scored or bool(found["points"])
            text = _opened(text, found)
        elif begin == "\u7b2c" and not named and (counted := COUNTED_QUESTION.match(text)):
            named, number, text = True, counted["number"], text[counted.end() :]
        elif begin in "([" and (points := _SCORED.match(text)):
            scored, text = True, text[points.end() :]
        elif begin == "(" and (part := _PART_OF.match(text)):
            text = text[part.end() :]
        if text == before:
            break
    ends_in_number = text[-1:].isdigit() or text[-1:] == "\n"  # asked first, in a tenth of the time
    if not number and ends_in_number and (exercise := _EXERCISE.match(text)):
        number = exercise["number"]
    if named and text[:1] == "(" and _OF_LEVEL.fullmatch(text):
        text = ""
    prompt = _BREAK.sub("", text).strip() if "<" in text else text.strip()
    asks = Asks.NAMED if named else Asks.MARK if scored and number and prompt else _asks(prompt)
    return AskedLine(asks=asks, prompt=prompt, numbered=bool(number), number=number)


def tells_of_trouble(line: str) -> bool:
    """Whether a name that means "problem" too stands before what does not ask: one of what a text tells of."""
    if line.isascii() or PROBLEM_NAMES.match(undecorated(line)) is None:
        return False
    prompt = read(line).prompt
    return bool(prompt) and _asks(prompt) is Asks.NOT


@remembered
def may_be_named(text: str) -> bool:
    """Whether a line of a text may be read as NAMED: it has a name somewhere, which takes a tenth of the time to see.

    An id may stand within a name.
    """
    if "Q" in text or "q" in text:
        found = _BEGINS_NAME.finditer(text)
        return "<!--" in text or any(not text[one.start() - 1 : one.start()].isalpha() for one in found)
    for part in QUESTION_PARTS:  # in a third of the time that any() takes
        if part in text:
            return True
    return not text.isascii() and QUESTION_LETTERS.search(text) is not None


def asked_and_told(line: str) -> tuple[str, str] | None:
    """Question and answer of a line that holds both: bold words up to a question mark, a dash or `Answer:` behind it.

    The answer keeps its name.

    None for any other line, and for a question with words behind it that are no answer, such as "(easy)".
    """
    if not has_question_mark(line):
        return None
    text = read(line).prompt
    behind = answer_behind(text)
    lead = bold_lead(text) if behind is None else (unwrapped(text[:behind].strip()), text[behind:])
    if lead is None and (found := _DASHED.match(without_code(text))) is not None:
        lead = text[: found.end("asked")], text[found.start("told") :]
    if (
        lead is None
        or not lead[0].rstrip("\"'\u201d").endswith(QUESTION_MARKS)
        or not re.match(r"[*_`\"'\[]*\w", lead[1])
    ):
        return None
    if _REMARK.match(lead[1]):
        return None
    return lead if _asks(lead[0]) is Asks.MARK else None


def wants_text(prompt: str) -> bool:
    """Whether it tells to write what is asked for: "Write a query that …". In a manual one writes other things."""
    return prompt[:6].lower() == "write " and _WANTED.match(prompt) is not None


def asks_by_words(prompt: str) -> Asks:
    """How plainly a prompt without name and number asks."""
    return _asks(prompt)


def is_task(prompt: str) -> bool:
    """Whether it tells to do something that a quiz asks for, though a manual may too: "Write a script …"."""
    return first_word(prompt) in _TASKS


def first_word(text: str) -> str:
    """The first word in lower case, without emphasis."""
    words = plain(text).split(maxsplit=1)
    return words[0].strip("*_`'\",.:;()\u00bf\u00a1").lower().replace("\u2019", "'") if words else ""


def plain(text: str) -> str:
    """The text without links, emphasis and HTML tags."""
    without_links = _LINK.sub(r"\1", text) if "[" in text else text
    words = _TAG.sub("", without_links) if "<" in without_links else without_links
    return words.replace("**", "").replace("__", "").strip()


def unwrapped(text: str) -> str:
    """A text without the emphasis that goes round all of it; other text as it is."""
    if text[:1] not in ("*", "_"):
        return text
    for mark in _WRAPS:
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark):
            inner = text[len(mark) : -len(mark)]
            if mark not in without_code(inner) and inner.strip() and not inner.startswith(mark[0]):
                return inner.strip()
    return text


def undecorated(text: str) -> str:
    """A text without emojis and signs before and after its words."""
    if text.isascii() and text[:1].isalnum():  # most lines; a picture of a key is not ASCII
        text = text.rstrip()
        return _COLONED.sub("", text) if text[-1:] == ":" else text
    start = 0
    while start < len(text) and (text[start].isspace() or is_sign(text[start])):
        start += 1
    end = len(text)
    while end > start and (text[end - 1].isspace() or is_sign(text[end - 1])):
        end -= 1
    cut = _COLONED.sub("", text[start:end]) if text[end - 1 : end] == ":" else text[start:end]
    keycap = _KEYCAP.match(cut)
    if keycap is not None:
        return cut[keycap.end() :]
    return cut if cut else text.strip()


def _keycap(text: str) -> str:
    """The number that the pictures of keys before a text write; empty without any."""
    found = None if text.isascii() else _KEYCAP.search(text, 0, KEYCAPS_UNTIL)
    return "".join(letter for letter in found[0] if letter.isdigit()) if found is not None else ""


def is_sign(letter: str) -> bool:
    """Whether a character is a picture or a part of one, such as an emoji, and neither letter nor punctuation."""
    return ord(letter) > 127 and unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn", "Me", "Cn", "Co")


def is_contents(title: str) -> bool:
    """Whether a heading or summary stands above a table of contents."""
    return _CONTENTS.match(plain(undecorated(title))) is not None


def is_placeholder(text: str) -> bool:
    """Whether a text only says that the answer is still to be written, such as "TODO", or leads to where it is."""
    if (len(text) < 60 and _EMPTY_FENCE.match(text)) or (len(text) < 300 and _says_nothing(text)):
        return True
    if text[:1] == "[" and (lone := _LINK_ALONE.fullmatch(text.strip())) is not None:
        return lone[1].strip().lower() in _PLACES or not any(map(str.isalnum, lone[1]))
    return len(text) < 60 and text.strip().strip("*_.\u2026[]()<>!").strip().lower() in _PLACEHOLDERS


def _says_nothing(text: str) -> bool:
    """Whether a text is only tags that frame others."""
    return text[:1] == "<" and "<img" not in text and not _TAG.sub("", text).strip()


def _opened(text: str, found: re.Match[str]) -> str:
    """The text after a name or number; emphasis that was opened before it and not closed is opened after it."""
    rest = text[found.end() :]
    return f"{found['mark']}{rest}" if found["mark"] and not found["closed"] and rest else rest


def _asks(prompt: str) -> Asks:
    word = first_word(prompt)
    if prompt[:13].lower() == "true or false":
        return Asks.MARK
    if prompt[:6].lower() == "do not":
        return Asks.MARK if _MARKED.search(prompt) else Asks.NOT
    begins = (
        (
            (word in _ASKING or word in ASKING_WORDS)
            and not _is_point(prompt)
            and not (word == "when" and ", " in prompt)
        )
        or (word in _HELPERS and (prompt.count(" ") >= FEWEST_BLANKS or "?" in prompt))
        or prompt[:10].lower() == "difference"
        or prompt[:1] == "\u00bf"
        or (_has_wide(prompt) and asks_without_blanks(prompt))
    ) and not _is_keyword(prompt)
    if has_question_mark(prompt):
        if _MARKED.search(prompt) and word.strip("".join(QUESTION_MARKS)):
            return Asks.MARK
        if (begins and has_question_mark(without_code(prompt))) or answer_behind(prompt) is not None:
            return Asks.MARK
    if _has_wide(prompt) and ends_asking(prompt):
        return Asks.MARK
    if ((word in _IMPERATIVES or word in ORDERS) and " " in prompt) or wants_text(prompt):  # alone, "list" is a thing
        return Asks.IMPERATIVE
    if _has_wide(prompt) and orders_without_blanks(prompt):
        return Asks.IMPERATIVE
    return Asks.OPENING if begins else Asks.NOT


def _is_point(prompt: str) -> bool:
    """Whether a colon stands behind the first word, "How: by a rule", or it gives a reason: "Why B is wrong: it …"."""
    return prompt.partition(" ")[0].rstrip("*_").endswith(":") or _REASON.match(prompt) is not None


def _is_keyword(prompt: str) -> bool:
    """Whether a prompt begins with a word in capitals alone, such as SQL's WHERE in "WHERE clause filtering"."""
    word, _, rest = prompt.partition(" ")
    return len(word) > 1 and word.isupper() and not rest.isupper()
