"""Markdown becomes HTML that is safe whoever wrote it."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.html.inline_html import MEANT
from quizapp.catalogue.html.markdown_html import render_document
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS, render, render_head, render_inline
from tests.examples import examples
from tests.growth import LINEAR_MOST, TIMES, growth

SHEETS = Path(__file__).resolve().parents[4] / "assets" / "css"

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='vbscript:x'>x</a>",
    "![x](javascript:alert(1))",
    '[x](https://e.org "onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "<style>*{display:none}</style>",
    "<iframe src=//e.org></iframe>",
    "<form action=//e.org><input name=password></form>",
    "| <script>x</script> |\n|---|\n| <b onclick=x> |",
    "<!--<script>-->alert(1)",
]
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>")
HARMLESS = {
    "p",
    "a",
    "code",
    "pre",
    "div",
    "span",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "em",
    "ul",
    "li",
    *MEANT,
}


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("how", [render, render_inline, lambda text: render_document(text)[0]])
def test_nothing_executes(how: object, text: str) -> None:
    html = how(text)  # type: ignore[operator]
    for _, name, attributes in TAG.findall(html):
        assert name in HARMLESS
        assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', attributes))
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            assert address.startswith("https://")


@examples(200)
@given(st.text(alphabet="<>/\"'`=&;:#[](){}*_-|!\n abjscript", max_size=80))
def test_only_known_tags_come_out(text: str) -> None:
    allowed = HARMLESS | {"br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "s", "ol", "blockquote", "input"}
    assert {name for _, name, _ in TAG.findall(render(text))} <= allowed


@pytest.mark.parametrize("text", ["{{ .Values.x }}", "${{ github.sha }}", "{% raw %}"])
def test_template_signs_are_text(text: str) -> None:
    assert text in render(text)


def test_angle_brackets_are_text() -> None:
    assert render_inline("kill <pid> if load < 1%") == "kill &lt;pid&gt; if load &lt; 1%"


def test_code_is_highlighted_by_classes() -> None:
    html = render("```bash\n# look\ndocker ps\n```")
    assert '<span class="c1"># look</span>' in html
    assert "style=" not in html


@pytest.mark.parametrize("language", ["nosuch", "brainfuck", ""])
def test_other_languages_are_plain(language: str) -> None:
    html = render(f"```{language}\nx < 1\n```")
    assert '<pre tabindex="0"><code>x &lt; 1' in html
    assert "<span" not in html


def test_a_link_opens_no_door_back() -> None:
    assert 'rel="noopener noreferrer"' in render("[docs](https://docs.example.org/)")


def test_tables_and_tasks() -> None:
    assert "<th>Flag</th>" in render("| Flag |\n|---|\n| -p |")
    assert 'type="checkbox"' in render("- [x] done")


def test_inline_makes_no_paragraph() -> None:
    assert render_inline("`a` **b**") == "<code>a</code> <strong>b</strong>"


def test_a_field_is_cut_and_a_document_is_not() -> None:
    text = "word " * FIELD_MAX_CHARS
    assert len(render(text)) < 2 * FIELD_MAX_CHARS
    assert len(render_document(text)[0]) > 4 * FIELD_MAX_CHARS


@pytest.mark.parametrize("piece", ["[", "![[]()", "*a_ ", "> ", "- ", "[a](<b", "&", "`" * 7 + " "])
def test_the_worst_field_takes_no_age(piece: str) -> None:
    text = (piece * FIELD_MAX_CHARS)[:FIELD_MAX_CHARS]
    started = time.process_time()
    render(text)
    assert time.process_time() - started < 3  # 0.3 s on an idle machine


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "[[a](",
        "![[]()",
        "*a_",
        "**a ",
        "_",
        "`a",
        "<a ",
        "[a](<",
        "]",
        "~~a ",
        "&",
        "- a\n",
        "|a|b|\n|-|-|\n",
    ],
)
def test_a_field_takes_time_by_its_length_only(piece: str) -> None:
    """Up to the longest field: markdown-it-py 4.3.0 takes the square of the time only beyond that."""
    most = FIELD_MAX_CHARS // TIMES
    assert growth(lambda size: render((piece * size)[:size]), most) < LINEAR_MOST


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one<br>two", "one<br>two"),
        ("<kbd onclick=x>Ctrl</kbd>", "<kbd>Ctrl</kbd>"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("a <!-- hidden --> b", "a  b"),
        ("<pid> and <TODO>", "&lt;pid&gt; and &lt;TODO&gt;"),
        ("![a bridge](https://e.org/b.png)", '<a href="https://e.org/b.png" rel="noopener noreferrer">a bridge</a>'),
        ("![a bridge](images/b.png)", "a bridge (images/b.png)"),
        ('<img src="b.png" alt="a bridge">', "a bridge (b.png)"),
        ("What is <img src=x onerror=alert(1)>?", "What is x?"),
        ("What is <img alt=bridge>?", "What is bridge?"),
        ("What is <img onerror=alert(1)>?", "What is &lt;img onerror=alert(1)&gt;?"),
        ("What is <img data-src=\"y\" src='x'>?", "What is x?"),
    ],
)
def test_html_that_a_reader_expects_means_what_it_means(text: str, html: str) -> None:
    assert render_inline(text) == html


def test_details_fold() -> None:
    html = render("<details>\n<summary>More</summary>\n\nHidden **text**.\n\n</details>")
    assert "<details>" in html
    assert "<summary>More</summary>" in html
    assert "<strong>text</strong>" in html


def test_a_callout_has_its_name() -> None:
    assert "<strong>Note</strong>" in render("> [!NOTE]\n> Look.")


def test_too_many_signs_stay_text() -> None:
    assert "![a![a" in render("![a" * 4_000)


CALLOUTS = {
    "> [!NOTE]\n> text": ("note", "Note"),
    "> [!warning] Mind this\n> text": ("warning", "Mind this"),
    '!!! danger "Mind this"\n    text\n\nafter': ("bad", "Mind this"),
    "??? tip\n\n    text": ("good", "Tip"),
    ":::tip\ntext\n:::": ("good", "Tip"),
    ":::info[Mind this]\n\ntext\n\n:::\n": ("note", "Mind this"),
}


@pytest.mark.parametrize("tone", sorted({tone for tone, _ in CALLOUTS.values()}))
def test_a_callout_looks_like_no_part_of_a_page(tone: str) -> None:
    """A note's page was called `note` too, and set each piece of such a callout in a column of its own."""
    for sheet in SHEETS.rglob("*.css"):
        assert not re.search(rf"^\s*\.{tone}(?![\w-])", sheet.read_text(), re.MULTILINE), sheet


@pytest.mark.parametrize("text", CALLOUTS)
def test_callouts_of_other_programs_are_drawn(text: str) -> None:
    tone, word = CALLOUTS[text]
    html = render(text)
    assert f'<blockquote class="callout {tone}">' in html
    assert f"<strong>{word}</strong>" in html
    assert "text" in html
    assert not any(mark in html for mark in (":::", "!!!", "???"))


def test_code_in_a_callout_may_hold_its_mark_and_code_is_no_callout() -> None:
    assert "<code>:::\n</code>" in render(":::tip\n```\n:::\n```\n:::\n")
    assert "!!! note" in render("```\n!!! note\n    a\n```\n")


@pytest.mark.parametrize("text", ["::: note\nnever closed", "!!! important: read this", "what ??? now"])
def test_what_is_no_callout_stays_as_it_is(text: str) -> None:
    assert "blockquote" not in render(text)


def test_footnotes_are_raised_numbers_with_their_text_below() -> None:
    html = render("a[^x] b[^y] c[^x] `[^x]` d[^z]\n\n[^y]: Second\n[^x]: The *first*\n")
    assert "a<sup>1</sup> b<sup>2</sup> c<sup>1</sup> <code>[^x]</code> d[^z]" in html
    assert "<p><sup>1</sup> The <em>first</em></p>\n<p><sup>2</sup> Second</p>" in html


@pytest.mark.parametrize("formula", ["$x_1 * y_2 * z$", "$$a_1 *b* c_2$$", r"\(a_1 *b* c\)", r"\[\frac{a}{b} *c*\]"])
def test_formulas_stay_as_they_are_written(formula: str) -> None:
    assert render(f"so {formula} is").striptags() == f"so {formula} is"


def test_prices_variables_and_escapes_are_no_formulas() -> None:
    html = render(r"cost $5 and **$6**, $HOME and *$PATH_X*, \[ -f x \]")
    assert "<strong>$6</strong>" in html
    assert "<em>$PATH_X</em>" in html
    assert "[ -f x ]" in html


@pytest.mark.parametrize("text", ["$a_ ", r"\(", r"\[ ", "$$", "[^a]\n", "[^a]: b\n", ":::note\n", "!!! note\n    a\n"])
def test_what_is_added_to_markdown_takes_time_by_its_length(text: str) -> None:
    assert growth(lambda size: render_document(text * size), 1_000) < LINEAR_MOST


@pytest.mark.parametrize(
    ("row", "last"),
    [
        ("| Count them | ps aux | wc -l |", "ps aux | wc -l"),
        ("| Or | a || b |", "a || b"),
        ("Count them | `ps aux | wc -l`", "<code>ps aux | wc -l</code>"),
        ("| `a | b` | c |", "c"),
        ("| One | two | | |", "two"),
    ],
)
def test_a_row_wider_than_its_head_is_shown_whole(row: str, last: str) -> None:
    # GFM 0.29, section 4.10, ignores the cells that are too many, so the end of a command with a pipe would be gone.
    cells = re.findall("<td>(.*?)</td>", render(f"| Task | Command |\n|---|---|\n{row}\n"))
    assert len(cells) == 2
    assert cells[-1] == last


@pytest.mark.parametrize(
    ("info", "title"),
    [
        ('yaml title="compose.yaml" {1,3}', "compose.yaml"),
        ("{.python filename='my file.py'}", "my file.py"),
        ("sh [On the host]", "On the host"),
        ("dockerfile:app/Dockerfile", "app/Dockerfile"),
        ("compose.yaml", "compose.yaml"),
        ("What does this print?", "What does this print?"),
        ("js {1,3} showLineNumbers", ""),
        ("bash", ""),
        ("c++", ""),
        ('sh title="<b>&"', "&lt;b&gt;&amp;"),
    ],
)
def test_a_title_of_code_is_shown_above_it(info: str, title: str) -> None:
    shown = render(f"```{info}\nx\n```\n")
    assert re.findall('<div class="quiet small">(.*?)</div>', shown) == ([title] if title else [])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1. a\n3. c\n4. d\n9. i\n", [None, "3", None, "9"]),
        ("1. a\n1. b\n1. c\n", [None, None, None]),
        ("5) a\n6) b\n", [None, None]),
        ("1. a\n   - x\n   - y\n3. c\n", [None, None, None, "3"]),
    ],
)
def test_an_item_keeps_its_number(text: str, values: list[str | None]) -> None:
    # An answer key of 1, 3 and 9 would be one of 1, 2 and 3, as CommonMark 0.31, section 5.3, counts.
    assert [value or None for value in re.findall(r'<li(?: value="(\d+)")?>', render(text))] == values


@pytest.mark.parametrize("address", ["https://e.example/way.png", "way.png", "picture:" + "0" * 64 + ".png"])
def test_the_title_of_a_picture_stands_below_it(address: str) -> None:
    assert (
        render(f'![The way]({address} "Through <b>the</b> bridge")').count("<br>Through &lt;b&gt;the&lt;/b&gt; bridge")
        == 1
    )
    assert "<br>" not in render(f'![The way]({address} "The way")')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`kubectl` \u05de\u05d4?", '<p dir="auto"><code dir="ltr">kubectl</code> \u05de\u05d4?</p>\n'),
        ("- \u0645\u0627\n  - b", '<ul dir="auto">\n<li>\u0645\u0627\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n'),
        ("    ls \u05d4", '<div class="code" dir="ltr"><pre tabindex="0"><code>ls \u05d4\n</code></pre></div>\n'),
        ("Gr\u00f6\u00dfe: `ls`", "<p>Gr\u00f6\u00dfe: <code>ls</code></p>\n"),
    ],
)
def test_what_is_written_from_the_right_runs_from_there_and_code_in_it_from_the_left(text: str, shown: str) -> None:
    assert render(text) == shown


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("What is\n`etcd`\nfor?", "What is <code>etcd</code> for?"),
        ("One\nor two?\n\nMore of it.", "One or two?"),
        ("What does it print?\n```sh\nls\n```", "What does it print?"),
        ("Order these:\n1. one\n2. two", "Order these:"),
        ("Which?\n\n\n- a", "Which?"),
        ("", ""),
    ],
)
def test_a_line_of_a_list_has_the_whole_first_paragraph(text: str, head: str) -> None:
    assert render_head(text) == head


def test_a_cell_runs_as_its_own_text_does() -> None:
    assert render("| a | \u05d1 |\n|---|---|\n| x | y |").count('dir="auto">') == 4
    assert render_inline("\u05de\u05d4 `ls`?") == '\u05de\u05d4 <code dir="ltr">ls</code>?'


def test_what_a_class_of_a_pattern_means_is_no_address() -> None:
    """CommonMark 0.31 reads `[0-9]: digits` as the definition of a link: it would be shown nowhere."""
    html = str(render("[0-9]: digits\n[a-z]: letters\n\nA class such as [0-9] is one sign."))
    assert html.replace("\n", "") == "<p>[0-9]: digits[a-z]: letters</p><p>A class such as [0-9] is one sign.</p>"


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("[docs]\n\n[docs]: https://example.org", "https://example.org"),
        ("[docs]\n\n[docs]: intro.md", "intro.md"),
        ("[docs]\n\n[docs]: <intro>", "intro"),
        ("[the page][docs]\n\n[docs]: intro", "intro"),
        ("[Docs][]\n\n[docs]: intro", "intro"),
    ],
)
def test_a_definition_that_leads_somewhere_is_one(text: str, href: str) -> None:
    assert f'href="{href}"' in str(render(text))
