"""What site generators add to Markdown is read as what it means, and a note loses no text by it."""

import time

import pytest

from quizapp.catalogue.formats.markdown.as_meant.site_markup import has_marks, in_markdown
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse

CASES = {
    "Jekyll's code": (
        "{% highlight bash linenos %}\n# all\nss -ltn\n{% endhighlight %}",
        "```bash\n# all\nss -ltn\n```",
    ),
    "Hugo's code": ('{{< highlight go "hl_lines=1" >}}\nx := 1\n{{< /highlight >}}', "```go\nx := 1\n```"),
    "code that holds a fence": ("{% highlight md %}\n```\n{% endhighlight %}", "````md\n```\n````"),
    "code without an end": ("{% highlight bash %}\nls", "{% highlight bash %}\nls"),
    "lines kept from Liquid": ("{% raw %}\n`{{ .Values.x }}`\n{% endraw %}", "\n`{{ .Values.x }}`\n"),
    "a comment": ("{% comment %}\nQ: What?\n{% endcomment %}", "\n\n"),
    "GitBook's hint": ('{% hint style="info" %}\nSo.\n{% endhint %}', ":::info\nSo.\n:::"),
    "GitBook's tabs": ('{% tabs %}\n{% tab title="apt" %}\nx\n{% endtab %}\n{% endtabs %}', "\n**apt**\nx\n\n"),
    "Material's tabs": ('=== "apt"\n\n    ```\n    # x\n    ```\nend', "**apt**\n\n```\n# x\n```\nend"),
    "Hugo's fold": ('{{< details "Is <a> one?" >}}\nYes.\n{{< /details >}}', None),
    "kramdown's attributes": ("## Ports\n{: .no_toc }", "## Ports\n"),
    "a heading's name": ("## What is `x`? {#q-1 .wide}", "## What is `x`?"),
    "a block's name": ("It is 53. ^1f2e3d", "It is 53."),
    "a power": ("2 ^10", "2 ^10"),
    "a table of contents": ("[[_TOC_]]\n[toc]", "\n"),
    "MDX": ('import Tabs from \'@theme/Tabs\';\n<Tabs>\n<TabItem value="a" label="apt">', "\n\n**apt**"),
    "a comment of MDX": ("{/* not shown */}", ""),
    "Quarto's callout": ('::: {.callout-tip collapse="true"}\n## Answer\nx\n:::', ":::tip Answer\n\nx\n:::"),
    "a spoiler": (":::spoiler Answer\nx\n:::", "<details><summary>Answer</summary>\nx\n</details>"),
    "a spoiler without an end": ("::: details Answer\nx", "::: details Answer\nx"),
    "a braced word in a heading": ("## What does {#each items} do?", "## What does {#each items} do?"),
    "an example of it": ("```\n{% raw %}\n{: .x }\n```", "```\n{% raw %}\n{: .x }\n```"),
    "an underlined heading": ("Ports\n===\n", "Ports\n===\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_read_otherwise_has_a_sign_and_so_is_looked_at(name: str) -> None:
    written, meant = CASES[name]
    assert has_marks(written) or written == meant


def test_most_texts_have_none() -> None:
    assert not has_marks("# A\n\nQ: Which `flag` [does](https://x.example/) <b>it</b> take?\nA: None, {} is empty.\n")


@pytest.mark.parametrize(("text", "meant"), CASES.values(), ids=CASES)
def test_markup_is_read_as_what_it_means(text: str, meant: str | None) -> None:
    folded = "<details><summary>Is &lt;a&gt; one?</summary>\nYes.\n</details>"
    assert "\n".join(in_markdown(text.split("\n"), of_jekyll=False).lines) == (folded if meant is None else meant)


def test_marks_within_a_line_are_meant_for_jekyll_where_the_note_has_a_layout() -> None:
    line = "`{% raw %}{{ .Names }}{% endraw %}` names it"
    assert in_markdown([line], of_jekyll=True).lines == ["`{{ .Names }}` names it"]
    assert in_markdown([line], of_jekyll=False).lines == [line]


def test_an_answer_keeps_the_code_that_jekyll_marks_and_every_line_is_accounted_for() -> None:
    code = "{% highlight bash %}\n# all TCP listeners\nss -ltn\n{% endhighlight %}"
    note = parse_note(f"# Shell\n\n## Q: How do you list listeners?\n\n{code}\n\n{{: .note }}\nAsk as root.\n".encode())
    (question,) = (question for section in note.sections for question in section.questions)
    assert question.answer.startswith("```bash\n# all TCP listeners\nss -ltn\n```\n\n")
    assert question.answer.endswith("\nAsk as root.")
    assert [note.uses[at] for at in (4, 7, 9)] == [LineUse.LABEL] * 3


HOSTILE = [
    "{% highlight a %}",
    '=== "a"',
    " " * 12 + '=== "a"',
    "{% comment %}",
    "{: " * 9,
    "::: details a",
    "## a {#b",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_note_of_nothing_but_marks_is_read_in_time(line: str) -> None:
    began = time.process_time()
    in_markdown([line] * 10_000, of_jekyll=True)  # in quadratic time these take many seconds
    assert time.process_time() - began < 2
