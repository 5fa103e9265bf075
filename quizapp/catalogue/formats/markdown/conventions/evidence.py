"""What shows that the text before it asks, or belongs to the question: options, an answer by name, its code. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import (
    answer_heading,
    answer_summary,
    is_answer_line,
    quoted_answer,
    says_answer,
)
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.languages import ASKING_TITLES, ASKING_WIDE, QUESTION_MARKS, QUESTION_NAMES
from quizapp.catalogue.formats.markdown.openings import Reading
from quizapp.catalogue.formats.markdown.options import Option, line_options, listed_options
from quizapp.catalogue.formats.markdown.wording import Asks, asks_by_words, plain, read, undecorated, unwrapped

# Below "Problem:" and "Cause:" a solution is no answer; where a note says that it asks it is one.
_SOLUTION = re.compile(r"[*_\W]{0,6}Solutions?\b", re.IGNORECASE)

# "What does the following Dockerfile do?", "Which line of this script fails?": the code below belongs to the question.
_OF_CODE = re.compile(
    r"\b(?:what|which|why|how|explain|predict|find|identify|describe|spot)\b.*?\b(?:(?:following|above|given|this|these)"
    r"\s(?:[\w/`-]+\s){0,3}?)?(?:code|programs?|snippets?|scripts?|commands?|dockerfiles?|manifests?|yaml|quer(?:y|ies)"
    r"|functions?|outputs?|config\w*|files?|statements?|expressions?|loops?|pipelines?|logs?)\b(?P<below>\sbelow\b)?",
    re.IGNORECASE | re.DOTALL,
)
# "What is printed?", "Predict the output": it asks about the code right below, whether it says so or not.
_OF_OUTPUT = re.compile(
    r"\b(?:predict|guess|what(?:['\u2019]s|s)?|which)\b[^.\n]*\b(?:outputs?|prints?|printed|logs?|logged|returns?|returned"
    r"|displayed|results?)\W*$",
    re.IGNORECASE,
)
_BEGINS_QUESTION = re.compile(rf"(?:\*\*|__)(?:Question|{QUESTION_NAMES})(?:\*\*|__)?\s?[:\uff1a](?:\*\*|__)?[ \t]+\S")
_FORM_LINE = re.compile(r"^\W*(?:[\w ()/-]{0,40}[:.)])?\s*_{5,}\W*$")  # a line of a form on paper: "Answer: ______"
_FLOW = re.compile(
    r"^(?:\*\*|__)[^*_\n]*\b(?:answer|steps?|flow|approach|solution)\b[^*_\n]*(?:\*\*|__):?\s*$", re.IGNORECASE
)
_PART = re.compile(r"\s*(?:[-*+\u2022]|\d{1,2}[.)]|[a-h][.)])\s")
_NAMED_BELOW = re.compile(r"\b(?:following|below|this|these|given)\b", re.IGNORECASE)
# "What does each of the following commands do?": each name below is asked about, though no colon leads to it.
_OF_EACH = re.compile(
    r"\beach (?:one )?of (?:the following|these)\b"
    r"|\bfollowing [\w/-]+(?: [\w/-]+)? (?:do|mean|stand for|used for|for)\b[^?]{0,20}\?\W*$",
    re.IGNORECASE,
)
_TELLS = re.compile(r":\s|\s[-\u2013\u2014=]\s|\u2192")
# What stands between a question and its answer by name and is a part of the answer: how one comes to it.
_LEADS_TO = re.compile(
    r"[*_]{2,3}(?:(?:the |your |suggested |possible )?approach|(?:troubleshooting |debugging |investigation )?steps|"
    r"thought process|troubleshooting|investigation|diagnosis|key (?:points|ideas|concepts)|talking points|"
    r"points to (?:cover|mention)|what to (?:say|cover|mention))[*_]{0,3}\s?:?[*_]{0,3}(?=\s|$)",
    re.IGNORECASE,
)
# What says nothing of the matter of a question: "*Company: Acme*", "Difficulty: easy".
_REMARK = re.compile(
    r"[*_(\[]*(?:Company|Companies|Asked (?:in|by|at)|Difficulty|Level|Frequency|Importance|Topics?|Category)"
    r"[*_]{0,2}\s?:[^\n]{1,80}$",
    re.IGNORECASE,
)
# Leads to where the answer is: "[Answer](answers.md#1)".
_LEADS_TO_ANSWER = re.compile(r"[\W_]*\[[^\[\]]*\b(?:answers?|solutions?)\b[^\[\]]*\]\([^()]*\)[\W_]*$", re.IGNORECASE)
HINT = re.compile(
    r"\W*(?:(?:show|need a|view)\s)?(?:hints?|clue)\W*\d{0,2}\W*$", re.IGNORECASE
)  # the summary of a `<details>`
_CHECK = re.compile(
    r"(?:is|are|does|do|did|can|has|have)\b[^?]*\?\s+(?:[Ii]f|[Tt]hen|[A-Z][a-z]+)\b[^?]*$", re.IGNORECASE
)
# What goes on with a task that the line above sets, and is no answer to it.
_OF_TASK = re.compile(
    r"[*_(]{0,3}(?:(?:use|include|assume|consider|suppose|provide|show|write|think|try|do|be|make|keep|your?)\b"
    r"|(?:examples?|input|output|expected|hints?|notes?|context|scenario|given|constraints?|requirements?|e\.g)\b\W)",
    re.IGNORECASE,
)
_UNENDED = (":", ",", ";", "(", "-", "\u2013", "\u2014", "/", "&", "\u2026")  # the next line goes on
WRAPPED_FROM = 60  # characters of a line; an editor that breaks lines gives them more
FEWEST_TOLD = 2  # items of a list
NAME_MAX_WORDS = 8  # of an item that only names what is asked about
_ARE_QUESTIONS = re.compile(rf"\b(?:questions|{ASKING_TITLES})\b|{ASKING_WIDE}", re.IGNORECASE)
_OF_TROUBLE = re.compile(r"\b(?:scenarios?|situations?|case studies)\b", re.IGNORECASE)
WORDS_OF_SENTENCE = 5  # before a list; with fewer, "Interview questions:" is a title
# Leads to what one should ask at work: "Ask these questions:", "Ask yourself:".
_TO_ASK = re.compile(r"\W*(?:always |first,? )?ask\b|.*\bquestions to ask\b", re.IGNORECASE)
# Headings that a plan of work has too; with a solution below they ask.
SETS_TASK = re.compile(r"^(?:task|exercise|challenge|scenario|step|phase|milestone)\s*#?\d{1,3}\b", re.IGNORECASE)
# Above what one says in an interview, as the first thing below a question.
_SAID = re.compile(
    r"\W*(?:(?:interview[- ]ready|short|quick|direct|strong|ideal|good|sample|model|expected|spoken|professional"
    r"|interview)\s)+"
    r"(?:answer|response)\W*$",
    re.IGNORECASE,
)
# A title of several, beside which "Answers" answers all of them.
_OF_SEVERAL = re.compile(r"\W*(?:[\w-]+\s){0,3}questions\W*$", re.IGNORECASE)


def listed(note: Reading, block: Block) -> Sequence[Option] | None:
    """The options of a list of the note; see `options.listed_options`. They are read once and must not be changed."""
    if id(block) not in note.listed:
        note.listed[id(block)] = listed_options(block, note.source)
    return note.listed[id(block)]


def shows_question(note: Reading, block: Block) -> bool:
    """Whether a block below a text shows that the text is a question."""
    if block.kind in LISTS:
        options = listed(note, block)
        return options is not None and (bool(options[0].letter) or any(option.right for option in options))
    if block.kind is Kind.CODE and not block.fenced:
        return line_options(block.text.split("\n")) is not None
    if block.kind is Kind.HEADING:
        return says_answer(block.text)
    if block.kind is Kind.QUOTE:
        return quoted_answer(note.source.text_of(block)) is not None
    if block.kind is not Kind.PARAGRAPH or (_SOLUTION.match(block.text) and block.first not in note.asking):
        return False
    return (
        first_label(block.text) == "a" or is_answer_line(block.text) or line_options(block.text.split("\n")) is not None
    )


def folded_answers(note: Reading) -> frozenset[int]:
    """The first lines of the blocks right after which a `<details>` begins that is called "Answer"."""
    firsts = [block.first for block in note.blocks]
    begun = (one.first for one in note.source.details if one.summary and answer_summary(one.summary) is not None)
    return frozenset(firsts[place - 1] for line in begun if (place := bisect_left(firsts, line)))


def rest_shows_question(rest: str) -> bool:
    """Whether the lines of its own paragraph below a text show that the text is a question: with options."""
    return line_options(rest.split("\n")) is not None


def answered_by_name(note: Reading, rest: str, following: Block | None) -> bool:
    """Whether an answer by name stands below a text: on the next line of its paragraph, or else in the next block."""
    if rest:
        return first_label(rest) == "a" and not _SOLUTION.match(rest)
    return following is not None and following.kind is Kind.PARAGRAPH and shows_question(note, following)


def is_asked_about(prompt: str, below: str) -> bool:
    """Whether the text right below a question is what it asks about: its code, or a list of names behind its colon."""
    is_code = below.startswith(("```", "~~~"))
    if is_code and (_OF_OUTPUT.search(prompt.rstrip("*_ ")) or _is_form(below)):
        return True
    announces = prompt.rstrip("*_ ").endswith(":") or _OF_EACH.search(prompt) is not None
    if not (is_code or announces) or _NAMED_BELOW.search(prompt) is None:
        return False
    if is_code:
        return _OF_CODE.search(prompt) is not None
    lines = [line.strip() for line in below.split("\n") if line.strip()]
    names = all(len(line.split()) <= NAME_MAX_WORDS and _TELLS.search(line) is None for line in lines)
    return names and lines[:1] != [] and lines[0][:1] in "-*+1"


def is_remark(text: str) -> bool:
    """Whether a text says nothing that answers a question: who asks it, or where the answer is."""
    text = text.strip()
    return _REMARK.match(text) is not None or _LEADS_TO_ANSWER.match(text) is not None


def names_question(below: str) -> bool:
    """Whether the text right below a title is its question by name: "**Question:** What …?"."""
    return _BEGINS_QUESTION.match(below) is not None


def _is_form(code: str) -> bool:
    """Whether a block between fences only has lines to be written on."""
    lines = [line for line in code.split("\n")[1:] if line.strip() and not line.startswith(("```", "~~~"))]
    return bool(lines) and all(_FORM_LINE.match(line) for line in lines)


def asks_first(stem: Sequence[tuple[str, bool]]) -> bool:
    """Whether the first text below a name such as "Question 3" is the whole question.

    It is bold or has its question mark, or is code about which nothing below asks: then "Output: 3" tells what it does.
    """
    first = stem[0][0].strip() if len(stem) > 1 else ""
    if first.startswith(("```", "~~~")):
        return not any(line.rstrip("*_ ").endswith(QUESTION_MARKS) for text, _ in stem[1:] for line in text.split("\n"))
    return bool(first) and "\n" not in first and (unwrapped(first) != first or first.endswith(QUESTION_MARKS))


def is_asked_in_parts(stem: Sequence[tuple[str, bool]]) -> bool:
    """Whether all that stands below a question are further questions in lists, which belong to it."""
    if not stem or not stem[-1][0].rstrip(" *_").endswith(QUESTION_MARKS):
        return False
    lines = [line for text, _ in stem for line in text.split("\n") if line.strip()]
    return bool(lines) and all(_PART.match(line) and line.rstrip(" *_").endswith(QUESTION_MARKS) for line in lines)


def is_check(prompt: str) -> bool:
    """Whether a text asks only to say what to do: "Is port 53 blocked? Open it." in a list of steps."""
    return _CHECK.match(prompt) is not None


def goes_on(first: str, rest: str) -> bool:
    """Whether a question goes on in the lines below its first one, which ends within a sentence that asks too."""
    _, mark, behind = first.rpartition("?")
    if not mark or not rest or not re.search(r"\w\W{0,3}$", behind) or first.endswith(("  ", ".", ":", ")", "!")):
        return False
    return rest.rstrip().endswith(QUESTION_MARKS) or asks_by_words(behind.strip()) is not Asks.NOT


def are_told(heads: Sequence[str]) -> bool:
    """Whether half of a list's items, and more than one, begin with a line that asks and go on with its answer."""
    parts = [head.partition("\n") for head in heads]
    told = sum(read(first).asks is Asks.MARK and bool(rest) and not goes_on(first, rest) for first, _, rest in parts)
    return told >= FEWEST_TOLD and told * 2 >= len(parts)


def is_told_below(first: str, rest: str, *, told: bool) -> bool:
    """Whether the lines below a first one without a question mark are its answer: "Explain BGP.", "Path vectors.".

    They begin anew where there was room for a word more, so that an author has broken the line and no editor. Where the
    other items of a list are `told` so, one may also name only what is asked about, and a sentence may be long.
    """
    asks = asks_by_words(read(first).prompt)
    word = rest.split(maxsplit=1)[0] if rest.strip() else ""
    begin = word.lstrip("*_`\"'([")[:1]
    if not begin or begin.islower() or first.rstrip("*_ ").endswith(_UNENDED) or _OF_TASK.match(rest):
        return False
    is_short = len(first) + 1 + len(word) <= WRAPPED_FROM
    if not (is_short or (told and first.rstrip("*_ ").endswith("."))) or (asks is Asks.NOT and not told):
        return False
    lines = rest.rstrip().split("\n")
    asks_on = read(lines[0]).asks >= Asks.IMPERATIVE or read(lines[-1]).asks >= Asks.MARK
    return not asks_on and not rest_shows_question(rest)


def is_wrapped(text: str) -> bool:
    """Whether a text that an editor has broken into full lines ends with a question mark."""
    *lines, last = text.split("\n")
    return bool(lines) and all(len(line) >= WRAPPED_FROM for line in lines) and read(last).asks is Asks.MARK


def answer_begins(stem: Sequence[tuple[str, bool]]) -> int:
    """The place among the texts between a question and its answer by name from which on they lead to the answer."""
    return next((place for place, (text, _) in enumerate(stem) if _LEADS_TO.match(text.lstrip())), len(stem))


def flows(note: Reading) -> Iterator[int]:
    """The first lines of lists that a bold line announces as steps of an answer: "**Expected answer flow:**"."""
    for sentence, block in pairwise(note.blocks):
        if block.kind is Kind.NUMBERS and sentence.kind is Kind.PARAGRAPH and _FLOW.match(sentence.text) is not None:
            yield block.first


def is_title_of_questions(note: Reading, heading: Block) -> bool:
    """Whether a heading says that the list below it asks: "Questions", or in a note that asks "Scenarios" too."""
    if _ARE_QUESTIONS.search(heading.text):
        return True
    return heading.first in note.asking and _OF_TROUBLE.search(heading.text) is not None


def enumerations(note: Reading) -> Iterator[int]:
    """The first lines of lists that belong to the sentence before them, whose colon announces them."""
    for sentence, block in pairwise(note.blocks):
        if sentence.kind is not Kind.PARAGRAPH or not sentence.text.rstrip("*_ ").endswith(":"):
            continue
        if block.kind is Kind.NUMBERS and _TO_ASK.match(sentence.text):
            yield block.first
        elif block.kind is Kind.BULLETS:
            is_title = _ARE_QUESTIONS.search(sentence.text) and len(sentence.text.split()) < WORDS_OF_SENTENCE
            is_title = is_title and not _TO_ASK.match(sentence.text)
            if not is_title and all(len(item.children) == 1 for item in block.children):
                yield block.first


def may_be_counted_on(block: Block) -> bool:
    """Whether a list begins with a number that another list may lead to."""
    first = block.children[0].info if block.kind is Kind.NUMBERS and block.children else ""
    return first.isdigit() and int(first) > 1


def counted_on(lists: Sequence[Block], asking: set[int]) -> set[int]:
    """The first lines of numbered lists whose numbers go on from one of `asking`, given by its first line, or of these.

    `lists` are the note's lists in order.
    """
    found: set[int] = set()
    last: int | None = None
    for block in lists:
        numbers = [int(item.info) for item in block.children if item.info.isdigit()]
        if block.kind is not Kind.NUMBERS or not numbers or sorted(set(numbers)) != numbers:
            continue
        if block.first in asking:
            last = numbers[-1]
        elif numbers[0] == (last or 0) + 1 and last is not None:
            found.add(block.first)
            last = numbers[-1]
    return found


def answered_at_once(note: Reading) -> set[int]:
    """The lines of headings right below which an answer by name stands, in a note or part that says that it asks."""
    return {
        heading.first
        for heading, below in pairwise(note.blocks)
        if heading.kind is Kind.HEADING and heading.first in note.asking and heading is not note.title
        if (below.kind is Kind.PARAGRAPH and first_label(below.text) == "a")
        or (below.kind is Kind.HEADING and below.level > heading.level and _SAID.match(below.text) is not None)
    }


def with_folded_answer(note: Reading) -> set[int]:
    """The lines of the nearest headings above a `<details>` that is called "Answer"."""
    folded = sorted(folded_answers(note))
    firsts = sorted(block.first for block in note.blocks if block.kind is Kind.HEADING)
    return {firsts[place - 1] for line in folded if (place := bisect_right(firsts, line))}


def proved(note: Reading) -> set[int]:
    """The lines of headings that have options, or a word that says that the answer follows, as their own."""
    found: set[int] = set()
    above: list[Block] = []
    folded = folded_answers(note)
    for block in note.blocks:
        if block.kind is Kind.HEADING and answer_heading(block.text) is None:
            above = [one for one in above if one.level < block.level] + [block]
            found |= {block.first} & folded
        elif above and block.kind is Kind.HEADING and _OF_SEVERAL.match(plain(above[-1].text)):
            continue
        elif above and (shows_question(note, block) or block.first in folded or _solves(above[-1], block)):
            found.add(above[-1].first)
            if block.kind is Kind.HEADING:  # "Answer" may stand beside "Question" and "Hint", below the title of all
                found |= {one.first for one in above if one.level == block.level - 1}
    return found


def _solves(heading: Block, block: Block) -> bool:
    """Whether a block is the solution, by its name, of a heading such as "Scenario 2: The wrong branch"."""
    if block.kind is not Kind.PARAGRAPH or first_label(block.text) != "a":
        return False
    return read(heading.text).numbered and SETS_TASK.match(plain(undecorated(heading.text))) is not None
