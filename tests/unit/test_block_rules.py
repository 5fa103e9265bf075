"""Blocks of Markdown are found as by the parser alone, though hardly a rule is asked of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from quizapp.block_rules import asked_by_signs
from quizapp.catalogue.html.markdown_html import parse_document

WRITTEN = """\
words
Title
---
- - -
*****
===
* * x
-
- item
  - inner
1. one
2) two
10000000000. no
> quoted
>
>> - deep
```sh
~~~
    code
| a | b |
|---|:-:|
a | b
--|--
:-
# head
###
#no
<div>
</div>
[a]: https://example.org
[^1]:
  lazy
   ---
+ plus
**bold**
__bold__ -
- [ ] task
=
* -
"""
LINES = st.sampled_from([*WRITTEN.splitlines(), "", "  ", "\t", "\tcode", "\u00a0- no blank", "words  "])
NOTES = st.lists(LINES, max_size=14).map("\n".join)


def _parser(*, html: bool) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


@pytest.mark.parametrize("html", [False, True])
@given(text=NOTES)
def test_every_block_is_found_as_by_the_parser_that_asks_each_rule_of_each_line(text: str, html: bool) -> None:
    ours, theirs = asked_by_signs(_parser(html=html)), _parser(html=html)

    assert ours.parse(text) == theirs.parse(text)


def test_the_definitions_of_links_are_found_too() -> None:
    assert list(parse_document("[a]: https://example.org 'Title'\n").references) == ["A"]
