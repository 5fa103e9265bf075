# ruff: noqa: RUF001  Letters and signs of other alphabets are meant.
"""Options as people type and paste them, written with the boxes and letters of Markdown's. Pure. Lines count from 0.

Each line stays one line. Where the letters of options change, those of the answers that name them change too.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.languages import WIDE
from quizapp.catalogue.formats.markdown.wording import Asks, read

FEWEST = 2  # options of one question, and questions of a note whose options are written in such a way
MOST_LETTERS = 12
# What stands in the place of A, B, C: in order, and with or without a stop behind it.
_ALPHABETS = ("абвгде", "АБВГДЕ", "①②③④⑤⑥⑦⑧", "アイウエオカ", "ＡＢＣＤＥＦ", "αβγδε")
_STOPS = "[).:．。、：）]"
_FOREIGN = re.compile(
    rf"^(?P<indent>\s*(?:[-*+]\s+)?)[(（]?(?P<letter>[{''.join(_ALPHABETS)}])(?P<stop>{_STOPS}\s*|[ \t\u3000]+)"
    r"(?P<text>\S.*)$"
)
_CIRCLED = re.compile(r"^(?P<indent>\s*(?:[-*+]\s+)?)(?P<letter>[①②③④⑤⑥⑦⑧])(?P<stop>\s*)(?P<text>\S.*)$")
# "A、物理层", "A.物理层": a stop without a blank behind it.
_TIGHT = re.compile(
    rf"^(?P<indent>\s*(?:[-*+]\s+)?)[(（]?(?P<letter>[A-L])(?:[、．：，）]\s*|[.):](?=[{WIDE}]))(?P<text>\S.*)$"
)
_KEY = re.compile(
    rf"^(?P<lead>.*[:：][*_]{{0,3}}\s*[*_(（]{{0,3}}|\s*\d{{1,3}}[.)]\s*[*_]{{0,3}}|[*_]{{0,3}})"
    rf"(?P<letters>[{''.join(_ALPHABETS)}](?:\s*(?:[,、;и]|\s)\s*[{''.join(_ALPHABETS)}](?!\w))*)(?!\w)(?P<rest>.*)$"
)
_TICKED = re.compile(r"^(?P<lead>\s*[-*+]\s+)\[(?P<sign>[✓✔√☑✅✗✘❌])\ufe0f?\]\s*(?P<text>\S.*)$")
_BALLOT = re.compile(r"^(?P<indent>\s*)(?:[-*+]\s+)?(?P<sign>[☐☑☒])\ufe0f?\s*(?P<text>\S.*)$")
_RIGHT_SIGNS = "✓✔√☑✅☒"
_POINT = re.compile(r"^(?P<indent>\s*)[•●▪◦‣∙]\s*(?P<text>\S.*)$")
_LETTERED = re.compile(r"[(]?[A-La-l][).:]\s+\S")
_NUMBERED = re.compile(r"^\s*(?P<open>\*\*)?(?P<number>\d)[).]\s+(?P<text>\S.*?)(?P<close>\*\*)?\s*$")
_INPUT = re.compile(
    r"^\s*(?:<(?:label|li|div|p)\b[^<>]{0,200}>\s*)*<input\b(?P<attributes>[^<>]{0,300})>"
    r"(?P<text>(?:[^<]|<(?!/?(?:label|li|div|p|br)\b))*)(?:\s*<(?:/(?:label|li|div|p)|br\s?/?)>)*\s*$",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"\btype\s*=\s*[\"']?(?:checkbox|radio)\b", re.IGNORECASE)
_CHECKED = re.compile(r"(?:^|\s)checked\b", re.IGNORECASE)
_FORM = re.compile(r"^\s*(?:</?(?:form|fieldset)\b[^<>]{0,200}>\s*)+$", re.IGNORECASE)
_IN_FORM = re.compile(
    r"^\s*<(?P<tag>p|legend|label)\b[^<>]{0,200}>(?P<text>[^<>]+)</(?P=tag)>(?:<br\s?/?>)?\s*$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    r"^(?P<before>.*)(?P<open>[(（]\s*)(?P<letters>[A-L]{1,6})(?P<close>\s*[)）])(?P<after>\W{0,2})$"
)
_KEY_SIGNS = (re.compile(r"\(\s*[A-L]{1,6}\s*[)）]"), re.compile(r"（\s*[A-L]{1,6}\s*[)）]"))
_OPTION = re.compile(r"^\s*(?:[-*+]\s+)?(?P<letter>[A-L])[.):]\s+\S")


def written(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines of such options, of answers that name them and of forms, each with the line that is meant."""
    whole = "\n".join(lines)
    found: dict[int, str] = {}
    if not whole.isascii():
        found |= {number: line for number, line in _boxes(lines) if number not in code}
    if "<" in whole:
        found |= _forms(lines, code)
    if not whole.isascii():
        found |= _points(lines, code)
        found |= _of_alphabets(lines, code)
    if "**" in whole:
        found |= _bold_numbers(lines, code)
    now = [found.get(number, line) for number, line in enumerate(lines)] if found else lines
    return found | _keys_in_brackets(now, code)


def _boxes(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Boxes with a tick or cross for the `x`, and ballot boxes."""
    ballots: dict[int, str] = {}
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        if (ticked := _TICKED.match(line)) is not None:
            yield number, f"{ticked['lead']}[{_mark(ticked['sign'])}] {ticked['text']}"
        elif (ballot := _BALLOT.match(line)) is not None:
            ballots[number] = f"{ballot['indent']}- [{_mark(ballot['sign'])}] {ballot['text']}"
    if len(ballots) >= FEWEST:
        yield from ballots.items()


def _mark(sign: str) -> str:
    return "x" if sign in _RIGHT_SIGNS else " "


def _forms(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Boxes and buttons of forms as options, with the text of the form without its tags."""
    found: dict[int, str] = {}
    boxes = 0
    for number, line in enumerate(lines):
        if "<" not in line or number in code:
            continue
        box = _INPUT.match(line)
        if box is not None and _CHOSEN.search(box["attributes"]) and box["text"].strip():
            mark = "x" if _CHECKED.search(box["attributes"]) else " "
            found[number], boxes = f"- [{mark}] {box['text'].strip()}", boxes + 1
        elif _FORM.match(line):
            found[number] = ""
        elif (text := _IN_FORM.match(line)) is not None:
            found[number] = text["text"].strip()
    return found if boxes >= FEWEST else {}


def _points(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Lines behind a typed point that are options or questions, as items of a list."""
    found: dict[int, str] = {}
    apart = True  # whether the points began behind a blank line: below the text of an item they are a part of it
    for number, line in enumerate(lines):
        point = _POINT.match(line) if not line.isascii() and number not in code else None
        if point is None:
            apart = not line.strip() or line.startswith("#")
        elif _LETTERED.match(point["text"]) or (apart and read(point["text"]).asks is Asks.MARK):
            found[number] = f"{point['indent']}- {point['text']}"
    return found if len(found) >= FEWEST else {}


def _of_alphabets(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Options with letters of another alphabet, and the answers that name them, with Latin letters."""
    found: dict[int, str] = {}
    run: list[tuple[int, str]] = []
    foreign = False
    for number, line in enumerate(lines):
        place, text, own = _foreign_option(line) if not line.isascii() and number not in code else (-1, "", False)
        if place == len(run) and place >= 0:
            run.append((number, text))
            foreign = foreign or own
        elif line.strip():
            found |= dict(run) if len(run) >= FEWEST else {}
            run = [(number, text)] if place == 0 else []
    found |= dict(run) if len(run) >= FEWEST else {}
    if found and foreign:
        for number, line in enumerate(lines):
            if number in found or number in code or line.isascii():
                continue
            if (key := _with_latin_key(line)) is not None:
                found[number] = key
    return found


def _foreign_option(line: str) -> tuple[int, str, bool]:
    """The place of an option by its letter, from 0, the line with a Latin one, and whether its own is none; else -1."""
    tight = _TIGHT.match(line)
    if tight is not None:
        return ord(tight["letter"]) - ord("A"), f"{tight['indent']}{tight['letter']}. {tight['text']}", False
    option = _CIRCLED.match(line) or _FOREIGN.match(line)
    if option is None or (option["letter"] in "абвгдеАБВГДЕαβγδε" and not option["stop"].strip()):
        return -1, "", False
    place = _place(option["letter"])
    return place, f"{option['indent']}{chr(ord('A') + place)}. {option['text']}", True


def _place(letter: str) -> int:
    return next(alphabet.index(letter) for alphabet in _ALPHABETS if letter in alphabet)


def _with_latin_key(line: str) -> str | None:
    """A line that answers by letters of another alphabet, with Latin ones; None for another line."""
    key = _KEY.match(line)
    if key is None or (first_label(line.strip()) != "a" and key["rest"].strip(" .*_)）。")):
        return None
    letters = "".join(
        chr(ord("A") + _place(one)) if any(one in each for each in _ALPHABETS) else one for one in key["letters"]
    )
    return f"{key['lead']}{letters.replace('и', ',')}{key['rest']}"


def _bold_numbers(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Options counted `1)`, `2)`, one below the other, of which one is bold, with letters in place of the numbers."""
    found: list[dict[int, str]] = []
    if sum("**" in line[:8] and line.lstrip(" *")[:1].isdigit() for line in lines) < FEWEST:
        return {}
    number = 0
    while number < len(lines):
        first, options, bold = number, list[str](), 0
        while number < len(lines) and number not in code and (own := _NUMBERED.match(lines[number])) is not None:
            if int(own["number"]) != len(options) + 1 or bool(own["open"]) != bool(own["close"]):
                break
            letter = chr(ord("A") + len(options))
            options.append(f"{letter}. **{own['text']}**" if own["open"] else f"{letter}. {own['text']}")
            bold += bool(own["open"])
            number += 1
        if len(options) >= FEWEST and bold == 1 and (number == len(lines) or not lines[number].strip()):
            found.append({first + place: option for place, option in enumerate(options)})
        number = max(number, first + 1)
    return {at: line for each in found for at, line in each.items()} if len(found) >= FEWEST else {}


def _keys_in_brackets(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Questions with the letters of the right options in brackets at their end, "It is ( B )", without the letters.

    The options that they name get a tick.
    """
    whole = "\n".join(lines)
    if not any(sign.search(whole) for sign in _KEY_SIGNS):
        return {}
    found: list[dict[int, str]] = []
    for number, line in enumerate(lines):
        stripped = line.rstrip()
        if number in code or (stripped[-3:].isascii() and ")" not in stripped[-3:]):
            continue
        key = _IN_BRACKETS.match(stripped)
        options = _options_below(lines, number + 1) if key is not None else {}
        if key is None or not set(key["letters"]) <= options.keys():
            continue
        told = {options[letter]: f"{lines[options[letter]]} ✓" for letter in key["letters"]}
        asked = f"{key['before']}{key['open'].rstrip()} {key['close'].lstrip()}{key['after']}"
        found.append({number: asked, **told})
    return {at: line for each in found for at, line in each.items()} if len(found) >= FEWEST else {}


def _options_below(lines: Sequence[str], first: int) -> Mapping[str, int]:
    """The line of each option right below a question, by its letter."""
    found: dict[str, int] = {}
    for number in range(first, len(lines)):
        option = _OPTION.match(lines[number])
        if option is not None and ord(option["letter"]) - ord("A") == len(found) < MOST_LETTERS:
            found[option["letter"]] = number
        elif lines[number].strip():
            break
    return found
