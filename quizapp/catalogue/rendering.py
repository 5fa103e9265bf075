"""Turns Markdown, whoever wrote it, into HTML that is safe to show. Knows no note and no question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# markdown-it takes seconds for 64 kB of brackets (quadratic time); at this size the worst inputs take under 300 ms.
FIELD_MAX_CHARS = 16_000

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
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "span": {"class"},
    "div": {"class"},
    "pre": {"tabindex"},
    "ol": {"start"},
    "li": {"class"},
    "input": {"type", "checked", "disabled"},
}
_SCHEMES = {"http", "https", "mailto"}
_CODE_CLASSES = HtmlFormatter(nowrap=True)


def render(text: str) -> Markup:
    """A block of Markdown as HTML: paragraphs, lists, tables, highlighted code. HTML in the source appears as text."""
    return _clean(_parser().render(text[:FIELD_MAX_CHARS]))


def render_inline(text: str) -> Markup:
    """One line of Markdown as HTML without a paragraph round it."""
    return _clean(_parser().renderInline(text[:FIELD_MAX_CHARS]))


def render_document(text: str) -> Markup:
    """A document of any length as HTML. Its paragraphs must be short, as `formats.markdown.text.prepare` makes sure."""
    return _clean(_parser().render(text))


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


def parse_blocks(text: str) -> list[Token]:
    """The block tokens without the tokens inside lines; takes little time for any text."""
    return _block_parser().parse(text)


def _clean(html: str) -> Markup:
    """Remove all tags and attributes that Markdown does not make; beside the parser, which lets no HTML through."""
    return Markup(
        nh3.clean(html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")
    )


@cache
def _block_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("inline")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(tasklists_plugin)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    return parser


def _fence(self: RendererHTML, tokens: list[Token], index: int, _options: object, _env: object) -> str:
    """A code block in a `div.code`. It can be scrolled, so it can get the keyboard's focus (tabindex)."""
    token = tokens[index]
    words = token.info.split()
    language = words[0].lower() if words else ""
    return f'<div class="code"><pre tabindex="0"><code>{_coloured(token.content, language)}</code></pre></div>\n'


def _coloured(code: str, language: str) -> str:
    if language not in LANGUAGES:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:  # pragma: no cover - each language above has a lexer in the pinned version
        return escape(code)
    return str(highlight(code, lexer, _CODE_CLASSES))
