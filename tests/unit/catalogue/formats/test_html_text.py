"""HTML of other tools as Markdown."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.html_text import looks_like_html, markdown_of
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.html.rendering import render_inline


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a  \nb"),
        ("<b>bold </b>text", "**bold** text"),
        ("<ul><li>home</li><li>assign</li></ul>", "-   home\n-   assign"),
        ("<ol><li>one</li><li>two<ul><li>in</li></ul></li></ol>", "1.  one\n2.  two\n    -   in"),
        ("Tilde <code>~</code> &amp; <code>a`b</code>", "Tilde `~` & ``a`b``"),
        ("docker run <image> -p <port>", r"docker run \<image> -p \<port>"),
        ("<pre>  if x:\n    y</pre>", "```\nif x:\n  y\n```"),
        ("<pre><code>a &lt; b</code></pre>", "```\na < b\n```"),
        ("<pre><code><div>cd /srv</div><div>ls -l</div></code></pre>", "```\ncd /srv\nls -l\n```"),
        ("<pre><ol><li>cd /srv</li><li>ls -l\n</li></ol></pre>", "```\ncd /srv\nls -l\n```"),
        ("<pre>cd /srv<div><br></div><div>ls -l</div></pre>", "```\ncd /srv\n\nls -l\n```"),
        ("<code><div>cd /srv</div><div>ls -l</div></code>", "`cd /srv ls -l`"),
        ("<table><tr><td><pre>ls</pre></td><td>x</td></tr></table>", "| `ls` | x |\n| --- | --- |"),
        (
            "<table><tr><td>a<tr><td>b: <pre>cd /srv\nls</pre> c</td><td>d<tr><td>e</table>",
            "| a |\n| --- |\n\nb:\n\n```\ncd /srv\nls\n```\n\nc\n\nd\n\n| e |\n| --- |",
        ),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td></td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 |  |",
        ),
        ('<a href="https://x.test/a b">l</a>', "[l](https://x.test/a%20b)"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("x<script>alert(1)</script>y", "xy"),
        ("1 &lt; 2 &nbsp; 3", "1 < 2 3"),
    ],
)
def test_html_becomes_markdown(html: str, text: str) -> None:
    assert markdown_of(html).text == text


def test_images_are_named() -> None:
    assert markdown_of('<img src="vpc diagram.png">').media == ("vpc diagram.png",)


@pytest.mark.parametrize("text", ["<image>", "a < b", "x <- y", "List<String>"])
def test_angle_brackets_of_commands_are_no_html(text: str) -> None:
    assert not looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    ["__init__", "a*b*c", "`x`", "<image>", "&amp;", "# no heading", "- no item", "1. no number", "[a](b)", "~~x~~",
     r"C:\temp\*", "snake_case_name", "a\\", "> no quote", "---", "| a |", "![x](y)", "**"],
)  # fmt: skip
def test_a_text_without_markup_is_shown_as_it_is_written(text: str) -> None:
    from html import unescape

    assert unescape(str(render_inline(plain(text)))) == text


@pytest.mark.parametrize(
    "unit", ["<b>", "<ul><li>", "<", "&", "<table><tr><td>", "</b>", "<!--", "<a href='", "<blockquote>"]
)
def test_hostile_html_takes_little_time(unit: str) -> None:
    began = time.process_time()
    markdown_of(unit * (512 * 1024 // len(unit)))
    assert time.process_time() - began < 2


@given(st.lists(st.sampled_from([*"ab1.-+#*_`~|:[]()! \n\r\t\u00a0", "  ", "__x__", "2) "]), max_size=12).map("".join))
def test_a_text_without_tags_is_read_the_same_with_a_tag_that_says_nothing(text: str) -> None:
    assert markdown_of(text) == markdown_of(f"{text}<wbr>")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>A /16 has 2<sup>16</sup> addresses</p>", "A /16 has 2<sup>16</sup> addresses"),
        ("<td>10<sup>-3</sup> s</td>", "10<sup>-3</sup> s"),
        ("x<sub>1</sub> and <b>x<sub>2</sub></b>", "x<sub>1</sub> and **x<sub>2</sub>**"),
        ("<code>2<sup>8</sup></code>", "`2^8`"),
        ("<pre>a<sub>1</sub></pre>", "```\na_1\n```"),
    ],
)
def test_a_power_stays_another_number_than_its_digits(html: str, said: str) -> None:
    """Six makers of Markdown write 2<sup>16</sup> as 216."""
    assert markdown_of(html).text == said
