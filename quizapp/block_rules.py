"""Asks of a Markdown parser's rules for blocks only those that can take a line, as its first and last signs tell.

markdown-it-py 4.3.0 asks up to eleven rules of each line, and most of them again while it looks for the end of a
paragraph. Most say no after a microsecond; a note has some hundred thousand such questions, a third of its parsing.

And takes a line for the definition of a link only if it leads somewhere, or something leads by it. CommonMark 0.31,
section 4.7, takes any single word behind `[…]:` for an address: `[0-9]: digits`, of a pattern's classes, would be shown
nowhere, and each `[0-9]` of the text would be a link to a page called digits. Pure. Knows no note.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import reference as any_definition
from markdown_it.rules_core import StateCore, normalize
from markdown_it.token import Token

CODE_COLUMNS = 4  # of indentation make code of a line, which then is nothing else
_TABLE, _CODE, _RULE, _UNDERLINED = "table", "code", "hr", "lheading"
_UNDER_HEADS = frozenset("|-:")  # with which the line below a table's heads begins
_ENDS_OF_RULES = frozenset("*-_ \t")
_UNDERLINE = re.compile(r"[-=][ \t]*$", re.MULTILINE)
# With what a line begins that each of these rules takes; the rules that are missing here take any line.
_SIGNS = {
    "fence": "`~",
    "blockquote": ">",
    _RULE: "*-_",
    "list": "*-+0123456789",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}

_ONE_WORD = re.compile(r"\[(?P<label>(?:[^\[\]\\\n]|\\.)+)\]:[ \t]*(?P<word>[^\s<]+)[ \t]*(?:\n|$)")
_OF_ADDRESSES = re.compile(r"[/.:#@?%&=]")  # one of these is in every address but that of a page beside this one
_LED_BY = re.compile(r"\]\[([^\[\]\n]+)\]|\[([^\[\]\n]+)\]\[\]")  # `[words][label]` and `[label][]`
_LABELS = "labels that words lead by"
_new_token = Token.__new__


class _QuickState(StateBlock):
    """A text while it is parsed."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.has_underlines = _UNDERLINE.search(src) is not None

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """As the parser's own, past `Token.__init__`, which takes as long again as all that it sets."""
        token = _new_token(Token)
        token.type, token.tag, token.nesting = ttype, tag, nesting
        token.attrs, token.map, token.children, token.meta = {}, None, None, {}
        token.content = token.markup = token.info = ""
        token.block, token.hidden = True, False
        if nesting < 0:
            self.level -= 1
        token.level = self.level
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


class _QuickBlocks(ParserBlock):
    """A parser of blocks with another one's rules, which stay as they are."""

    def __init__(self, rules: Ruler[RuleFuncBlockType]) -> None:
        self.ruler = _QuickRuler(rules)

    def parse(self, src: str, md: MarkdownIt, env: Any, outTokens: list[Token]) -> list[Token] | None:
        if not src:
            return None
        state = _QuickState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


class _QuickRuler(Ruler[RuleFuncBlockType]):
    """Rules, of which those for one place are asked by a single one."""

    def __init__(self, rules: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = rules.__rules__
        names = {rule.fn: rule.name for rule in rules.__rules__}
        places = {"", *(place for rule in rules.__rules__ for place in rule.alt)}
        self._chains = {place: [_one_of({names[rule]: rule for rule in rules.getRules(place)})] for place in places}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:
        return self._chains[chainName]


def asked_by_signs(parser: MarkdownIt) -> MarkdownIt:
    """The same parser with what it finds, in two thirds of the time. Its rules must not be changed afterwards."""
    parser.block = _QuickBlocks(parser.block.ruler)
    parser.core.ruler.at("normalize", _normalize)
    return parser


def _normalize(state: StateCore) -> None:
    """The parser's own rule, which writes each end of a line anew, for a text that has other ends or NULs."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _one_of(rules: Mapping[str, RuleFuncBlockType]) -> RuleFuncBlockType:
    """What asks these rules in their order, as one rule; they are given by their names."""
    every = tuple(rules.values())
    table, ruled, underlined = rules.get(_TABLE), rules.get(_RULE), rules.get(_UNDERLINED)
    by_sign, other = _by_sign({name: rule for name, rule in rules.items() if name not in (_TABLE, _CODE)})

    def ask(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        assert isinstance(state, _QuickState)
        if state.sCount[line] - state.blkIndent >= CODE_COLUMNS:
            return any(rule(state, line, end, silent) for rule in every)
        src, first = state.src, state.bMarks[line] + state.tShift[line]
        if table is not None and line + 1 < end and src.find("|", first, state.eMarks[line]) >= 0:
            below = state.bMarks[line + 1] + state.tShift[line + 1]
            if src[below : below + 1] in _UNDER_HEADS and table(state, line, end, silent):
                return True
        for rule in by_sign.get(src[first : first + 1], other):
            if rule is ruled and src[state.eMarks[line] - 1] not in _ENDS_OF_RULES:
                continue
            if rule is underlined and not state.has_underlines:
                continue
            if rule(state, line, end, silent):
                return True
        return False

    return ask


def _by_sign(
    rules: Mapping[str, RuleFuncBlockType],
) -> tuple[Mapping[str, Sequence[RuleFuncBlockType]], Sequence[RuleFuncBlockType]]:
    """The rules that may take a line, by the sign that it begins with; and those for a line with any other sign."""
    signs = {sign for some in _SIGNS.values() for sign in some}
    fitting = {sign: [rule for name, rule in rules.items() if sign in _SIGNS.get(name, sign)] for sign in signs}
    return fitting, [rule for name, rule in rules.items() if name not in _SIGNS]


def only_where_they_lead(parser: MarkdownIt) -> MarkdownIt:
    """The same parser, to which other lines are text."""
    parser.block.ruler.at("reference", _definition)
    return parser


def _definition(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    found = _ONE_WORD.match(state.src, state.bMarks[line] + state.tShift[line])
    leads = found is None or _OF_ADDRESSES.search(found["word"]) or normalizeReference(found["label"]) in _labels(state)
    return bool(leads) and any_definition(state, line, end, silent)


def _labels(state: StateBlock) -> frozenset[str]:
    """The labels by which words of this text lead, as CommonMark compares them; looked for once."""
    known = state.env.get(_LABELS)
    if known is None or known[0] is not state.src:
        found = _LED_BY.findall(state.src)
        known = state.env[_LABELS] = (state.src, frozenset(normalizeReference(one or other) for one, other in found))
    labels: frozenset[str] = known[1]
    return labels
