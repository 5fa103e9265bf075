"""Links between notes are shown as their words; what only looks like one stays."""

import pytest

from quizapp.catalogue.html.rendering import render_inline


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("What does [[Docker|the engine]] do?", "What does the engine do?"),
        ("See [[Ports]] and [[container networks]].", "See Ports and container networks."),
        ("[[Docker#Ports]], [[#Ports]], [[a#b#c]]", "Docker &gt; Ports, Ports, a &gt; b &gt; c"),
        ("a [[package]] of TOML", "a [[package]] of TOML"),
        ("if [[ -f x || -n Y ]]; then", "if [[ -f x || -n Y ]]; then"),
        ("the matrix [[A, b], [c, d]]", "the matrix [[A, b], [c, d]]"),
        ("`[[Ports]]`", "<code>[[Ports]]</code>"),
        ("[[Ports]](https://example.org)", '<a href="https://example.org" rel="noopener noreferrer">[Ports]</a>'),
    ],
)
def test_a_link_is_shown_as_its_words(text: str, shown: str) -> None:
    assert render_inline(text) == shown
