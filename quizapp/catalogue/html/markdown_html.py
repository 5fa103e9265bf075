"""Parses Markdown, whoever wrote it, and makes HTML of it that is safe to show. Knows no note and no question."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from quizapp.block_rules import asked_by_signs, only_where_they_lead
from quizapp.catalogue.html.code_titles import code_title
from quizapp.catalogue.html.extended_markdown import in_plain_markdown
from quizapp.catalogue.html.inline_html import MEANT, meant, picture
from quizapp.markdown_left_out import keep_numbers, keep_whole_rows

# Brackets of one paragraph (or a tenth of its stars, backticks and angle brackets): beyond, a document of 2 MiB takes
# more than 2 s. No paragraph seen has more than 60.
SIGNS_MAX = 150
# Blocks in blocks: a list in a list counts twice. At this depth a parser leaves out the text without a word; its own 20
# are nine lists. With more than 64 a hostile text of quotations takes several seconds; nobody was seen to write 20.
NESTING_MAX = 64
# Letters of all paragraphs of a document at which the parser looks for markup, a second of them; a link takes as long
# as LINK_SIGNS of them. Notes have up to 90,000 in 1 MB, and the text of their sections is a part of that.
DOCUMENT_SIGNS_MAX = 200_000
LINK_SIGNS = 20
COLOURED_MAX_CHARS = 300_000  # of code are highlighted in one document, which takes a second

# The languages that are highlighted. A code block of another language is plain text, even if Pygments has a lexer.
LANGUAGES = frozenset(
    [
        "bash",
        "sh",
        "shell",
        "console",
        "dockerfile",
        "docker",
        "yaml",
        "json",
        "toml",
        "ini",
        "nginx",
        "python",
        "go",
        "rust",
        "js",
        "sql",
        "diff",
        "hcl",
        "http",
        "xml",
        "make",
    ]
)
_TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "div",
        "span",
        "input",
        "img",
        *MEANT,
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "span": {"class"},
    "div": {"class"},
    "pre": {"tabindex"},
    "ol": {"start"},
    "blockquote": {"class"},
    "img": {"src", "alt", "loading"},
    "li": {"class", "value"},
    "input": {"type", "checked", "disabled"},
}
for _tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "th", "td", "code", "div"):
    _ATTRIBUTES.setdefault(_tag, set()).add("dir")
_MORE_THAN_A_LANGUAGE = re.compile(r"[ .:=\[]")  # in the words behind a fence
_SIGNS = re.compile(r"[\n#$%&*+\-:<=>@\[\\\]^_`{}~!]")  # where markdown-it's rule for plain text ends
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]{1,20})(?:\|[^\]]*)?\][+-]?")
# The look of a callout by its kind; any other kind is a note.
_TONES = {
    "tip": "good", "hint": "good", "success": "good", "check": "good", "done": "good", "example": "note",
    "warning": "warning", "caution": "warning", "attention": "warning", "important": "warning",
    "danger": "bad", "error": "bad", "failure": "bad", "bug": "bad",
}  # fmt: skip
_WIKI_LINK = re.compile(
    r"\[\[(?=\S)(?P<note>[^\[\]|#\n,;=\"'$&<>]*)(?:#(?P<heading>[^\[\]|\n]+))?(?:\|(?P<words>[^\[\]\n]+))?(?<=\S)\]\](?!\()"
)
_FORMULA_ENDS = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
FORMULA_MAX_CHARS = 1_000  # the longest seen has 300; a dollar sign without a partner is looked past no further
_OF_FORMULAS = re.compile(r"[\\^_{}]")
_HOLDERS = ("blockquote_open", "bullet_list_open", "ordered_list_open", "list_item_open")
# Letters that are written from right to left: those of Hebrew, Arabic and their kin.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_WITH_DIRECTION = ("paragraph_open", "heading_open", "bullet_list_open", "ordered_list_open", "blockquote_open")
_SCHEMES = {"http", "https", "mailto"}
_CODE_CLASSES = HtmlFormatter(nowrap=True)


def block(text: str) -> Markup:
    """See `rendering.render`."""
    return _clean(_parser().render(in_plain_markdown(text)))


def line(text: str) -> Markup:
    """See `rendering.render_inline`."""
    return _clean(_parser().renderInline(text))


def render_document(*parts: str) -> tuple[Markup, ...]:
    """The parts of a document of any length as HTML. `formats.markdown.text.prepare` makes sure that its paragraphs are
    short. The first COLOURED_MAX_CHARS of its code are highlighted, and what follows DOCUMENT_SIGNS_MAX stays as it is
    written.
    """
    environment: dict[str, Any] = {}
    return tuple(_clean(_parser().render(in_plain_markdown(part), environment)) for part in parts)


@dataclass(frozen=True, kw_only=True)
class BlockTokens:
    """A document as its blocks."""

    blocks: Sequence[Token]
    """Each with the lines it covers, without the tokens inside lines."""
    references: Mapping[str, Mapping[str, str]]
    """The link definitions: `href` and `title` by their name."""


def parse_document(text: str) -> BlockTokens:
    """The block tokens of a document and its link definitions; takes little time for any text."""
    environment: dict[str, Any] = {}
    blocks = _block_parser().parse(text, environment)
    return BlockTokens(blocks=blocks, references=environment.get("references", {}))


def too_deep(tokens: Sequence[Token]) -> int | None:
    """The line, from 0, of the first block that has no more text in it since it is NESTING_MAX deep; None without."""
    deep = (one for one in tokens if one.nesting == 1 and one.level >= NESTING_MAX - 1 and one.type in _HOLDERS)
    return next((one.map[0] for one in deep if one.map is not None), None)


def _clean(html: str) -> Markup:
    """Remove all tags and attributes that Markdown does not make; beside the parser, which lets no HTML through."""
    return Markup(_cleaner().clean(html))


@cache
def _cleaner() -> nh3.Cleaner:
    """Made once: for each of a thousand short texts that takes longer than to clean it."""
    return nh3.Cleaner(tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")


@cache
def _block_parser() -> MarkdownIt:
    options = {"html": False, "maxNesting": NESTING_MAX}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).disable(["inline", "text_join"])
    keep_whole_rows(only_where_they_lead(parser))
    return asked_by_signs(parser)


@cache
def _line_parser() -> MarkdownIt:
    """What parses the text of a block: with the preset's depth, since brackets in brackets take much time."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    return parser


def _tell_directions(state: StateCore) -> None:
    """Let each outermost block with letters from the right, and each cell, run as its own first letter does; code runs
    from the left, and is no first letter. HTML finds no letter through a block that has its own direction.
    """
    is_mixed = not state.src.isascii() and _FROM_THE_RIGHT.search(state.src)
    for token in state.tokens if is_mixed else ():
        if token.type in ("th_open", "td_open") or (token.level == 0 and token.type in _WITH_DIRECTION):
            token.attrSet("dir", "auto")
        for part in token.children or ():
            if part.type == "code_inline":
                part.attrSet("dir", "ltr")
        if token.type in ("fence", "code_block"):
            token.meta["dir"] = ' dir="ltr"'


def _formula(state: StateInline, silent: bool) -> bool:
    """Keep a formula in LaTeX as it is written: `$x_1$`, `$$…$$`, `\\(…\\)`, `\\[…\\]`."""
    begin = next((mark for mark in _FORMULA_ENDS if state.src.startswith(mark, state.pos)), None)
    if begin is None:
        return False
    first = state.pos + len(begin)
    end = state.src.find(_FORMULA_ENDS[begin], first, first + FORMULA_MAX_CHARS)
    inside = state.src[first:end] if end > first else ""
    if not inside or not _OF_FORMULAS.search(inside) or (begin == "$" and not _is_tight(state.src, first, end)):
        return False
    last = end + len(begin)
    if not silent:
        state.pending += state.src[state.pos : last]
    state.pos = last
    return True


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """Show the words of a link between notes, as Obsidian and wikis write it: `[[Docker|the engine]]`.

    Of `[[Docker#Ports]]` they are "Docker > Ports", as Obsidian has it. One lower-case word alone stays as it is:
    `[[package]]` is a table of TOML.
    """
    if not state.src.startswith("[[", state.pos) or (found := _WIKI_LINK.match(state.src, state.pos)) is None:
        return False
    note, heading, words = (found[name] or "" for name in ("note", "heading", "words"))
    if not (heading or words or " " in note or note != note.lower()):
        return False
    if not silent:
        state.pending += words or " > ".join(part for part in (note, heading.replace("#", " > ")) if part)
    state.pos = found.end()
    return True


def _is_tight(text: str, first: int, end: int) -> bool:
    """Whether two dollar signs are those of a formula and not of prices or variables."""
    inside = text[first:end]
    return inside.strip() == inside and "\n" not in inside and not text[end + 1 : end + 2].isalnum()


@cache
def _parser() -> MarkdownIt:
    options = {"html": True, "maxNesting": NESTING_MAX}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    keep_whole_rows(only_where_they_lead(parser))
    parser.core.ruler.after("block", "depth", _show_deep_as_written)
    parser.core.ruler.at("inline", _parse_lines)
    parser.core.ruler.after("inline", "tasks", _mark_tasks)
    parser.core.ruler.after("inline", "callouts", _mark_callouts)
    parser.core.ruler.after("inline", "numbers", keep_numbers)
    parser.core.ruler.after("inline", "directions", _tell_directions)
    for name, rule in {
        "fence": _fence,
        "code_block": _fence,
        "html_inline": _html,
        "html_block": _html,
        "image": _image,
        "task_box": _box,
    }.items():
        parser.add_render_rule(name, rule)
    return asked_by_signs(parser)


def _show_deep_as_written(state: StateCore) -> None:
    """Show a text that is too deep as it is written, since the parser has left a part of it out."""
    if too_deep(state.tokens) is not None:
        state.tokens[:] = [Token(type="code_block", tag="code", nesting=0, content=state.src)]


def _parse_lines(state: StateCore) -> None:
    """Parse the text of each block, but for one with so many signs that it would take very long: that stays text."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            text = token.content
            if _SIGNS.search(text) is None:  # as most cells, headings and terms: nothing ends the text
                token.children += [_text(text)] if text else []
                continue
            signs = len(_SIGNS.findall(text)) + LINK_SIGNS * (text.count("](") + text.count("<http"))
            state.env["signs"] = state.env.get("signs", 0) + signs
            many = text.count("[") > SIGNS_MAX or sum(map(text.count, "*_<&`~")) > 10 * SIGNS_MAX
            if many or state.env["signs"] > DOCUMENT_SIGNS_MAX:
                token.children.append(_text(text))
            else:
                lines = _line_parser()
                lines.inline.parse(token.content, lines, state.env, token.children)


def _text(text: str) -> Token:
    return Token(type="text", tag="", nesting=0, content=text)


def _mark_tasks(state: StateCore) -> None:
    """Draw `[ ]` and `[x]` at the beginning of an item as a box, in time by the length of the list."""
    lists: list[Token] = []
    for number, token in enumerate(state.tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "inline" and number > 1 and state.tokens[number - 2].type == "list_item_open":
            task = token.content[:4].lower()
            if task in ("[ ] ", "[x] ") and token.children and token.children[0].type == "text":
                checked = ' checked="checked"' if task == "[x] " else ""
                box = f'<input type="checkbox" disabled="disabled"{checked}>'
                token.children[0].content = token.children[0].content[3:]
                token.children.insert(0, Token(type="task_box", tag="", nesting=0, content=box))
                state.tokens[number - 2].attrSet("class", "task-list-item")
                lists[-1].attrSet("class", "contains-task-list")


def _fence(
    self: RendererHTML, tokens: list[Token], index: int, _options: object, environment: MutableMapping[str, Any]
) -> str:
    """A code block with its title, in a `div.code`. It can be scrolled, so it gets the keyboard's focus (tabindex)."""
    token = tokens[index]
    words = token.info.split()
    language = words[0].lower() if words else ""
    coloured = environment["coloured"] = environment.get("coloured", 0) + len(token.content)
    if coloured > COLOURED_MAX_CHARS:
        language = ""
    title = escape(code_title(token.info)) if _MORE_THAN_A_LANGUAGE.search(token.info) else ""
    above = f'<div class="quiet small">{title}</div>' if title else ""
    code = _coloured(token.content, language)
    return f'<div class="code"{token.meta.get("dir", "")}>{above}<pre tabindex="0"><code>{code}</code></pre></div>\n'


def _html(self: RendererHTML, tokens: list[Token], index: int, _options: object, _env: object) -> str:
    return meant(tokens[index].content)


def _image(self: RendererHTML, tokens: list[Token], index: int, _options: object, _env: object) -> str:
    image = tokens[index]
    return picture(str(image.attrGet("src") or ""), image.content, str(image.attrGet("title") or ""))


def _box(self: RendererHTML, tokens: list[Token], index: int, _options: object, _env: object) -> str:
    return tokens[index].content


def _mark_callouts(state: StateCore) -> None:
    """Draw a quotation that begins with `[!NOTE]` as a callout with that word, or the title behind it, in bold."""
    for quote, _, line in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if quote.type != "blockquote_open" or line.type != "inline" or not line.children:
            continue
        first = line.children[0]
        found = _CALLOUT.match(first.content) if first.type == "text" else None
        if found is not None:
            title = first.content[found.end() :].strip()
            alone = len(line.children) == 1 or line.children[1].type in ("softbreak", "hardbreak")
            bold = [Token("strong_open", "strong", 1), Token("text", "", 0), Token("strong_close", "strong", -1)]
            bold[1].content = title if title and alone else found[1].replace("-", " ").capitalize()
            first.content = "" if title and alone else first.content[found.end() :]
            line.children[:0] = bold
            quote.attrSet("class", f"callout {_TONES.get(found[1].lower(), 'note')}")


def _coloured(code: str, language: str) -> str:
    if language not in LANGUAGES:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:  # pragma: no cover - each language above has a lexer in the pinned version
        return escape(code)
    return str(highlight(code, lexer, _CODE_CLASSES))
