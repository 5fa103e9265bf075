"""Questions in components of sites, below bold titles, and glued to the answer above: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, parse

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "shortcodes of Hugo with other attributes": '## Basic\n\n{{< qa num="1" q="What is a cache?" level="easy" >}}\n'
    "A copy.\n"
    '{{< /qa >}}\n\n{{< qa num="2" q="What is a queue?" >}}\nA line.\n{{< /qa >}}\n',
    "components of MDX": '<AccordionGroup>\n<Accordion title="What is a cache?">\nA copy.\n</Accordion>\n'
    '<Accordion icon="x" title="What is a queue?">\nA line.\n</Accordion>\n</AccordionGroup>\n',
    "bold lines with a letter": "# Memory\n\n## Steps\n\nText on steps.\n\n## Self-check\n\n"
    "**(a) What is a cache?**\n**Answer:** A copy.\n\n**(b) What is a queue?**\n**Answer:** A line.\n",
    "answers without a blank behind the colon": "### Q. What is a cache?\nAnswer:A copy.\n\n"
    "### Q. What is a queue?\nAnswer:A line.\n",
    "a bold line that says that questions follow": "# Memory\n\n## Layers\n\nText on layers.\n\n"
    "**Memory interview questions**\n\n1) What is a cache?\n    - A copy.\n2) What is a queue?\n    - A line.\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert [(prompt, answer.removeprefix("- ")) for prompt, answer in asked(WAYS[way])] == TWO


def test_a_question_right_below_the_last_line_of_an_answer() -> None:
    text = (
        "What is a cache?\nAnswer: Many things:\n\nA copy\nA shelf\nWhat is a queue?\nAnswer: A line.\n\n"
        "What is a stack?\nAnswer: A pile.\n"
    )
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "What is a queue?", "What is a stack?"]
    assert "A shelf" in asked(text)[0][1]


def test_a_title_that_names_interviews_asks_and_lists_of_links_do_not() -> None:
    text = (
        "# Great SRE interviews\n\n## Design\n\n- Design a rota for three time zones.\n- Walk through a postmortem.\n"
        "- How would you page a team?\n\n## Prep Resources\n\n- [What is an SLO?](https://example.com/slo) - a book.\n"
    )
    note = parse(text)
    assert len(list(note.everything_asked)) == 3
    assert not any(one.teaches for one in note.sections)


def test_boxes_of_liascript() -> None:
    text = "# Quiz\n\nWhich one copies?\n\n[( )] mv\n[(X)] cp\n\nWhich ones list?\n\n[[X]] ls\n[[ ]] rm\n[[X]] dir\n"
    found = [[choice.text for choice in one.choices if choice.right] for one in parse(text).everything_asked]
    assert found == [["cp"], ["ls", "dir"]]
