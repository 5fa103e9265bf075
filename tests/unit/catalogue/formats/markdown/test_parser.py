"""What is understood of notes, in the shape people write them and in worse ones."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown.labels import card_of, take_id
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedNote, ParsedQuestion, Unreadable
from tests.examples import examples
from tests.growth import LINEAR_MOST, growth

DAY = (Path(__file__).parent / "data" / "volumes.md").read_text(encoding="utf-8")

# Enough of everything that means something to the parser, to meet itself in odd places.
PIECES = st.sampled_from(
    [
        "# Day 3: Title\n",
        "## 1. Part\n",
        "### Q1: Why?\n",
        "**Date:** 31st February\n",
        "---\n",
        "```bash\n",
        "```\n",
        "~~~\n",
        "* **Term:** text\n",
        "    * *Card:* front → back\n",
        "    * *Options:*\n",
        "        - [x] yes *Why:* so\n",
        "1. **Q: What?** <!-- id: q-1 -->\n",
        "    * *A:* That.\n",
        "Q: one\nA: two\n",
        "<script>x</script>\n",
        "\n",
        "| a | b |\n|---|---|\n",
        "> quoted\n",
        "<!-- id: c-1 -->\n",
        "**",
        "`",
        "*Level:* 9",
        "\t",
        "{{ x }}",
        "\u2028",
        "\x0c",
        "*Source:* javascript:x\n",
        "é\n",
        "- - - 1. - a\n",
    ]
)


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode())


def questions(text: str) -> list[ParsedQuestion]:
    return list(parse(text).questions)


def messages(text: str) -> list[tuple[int, str]]:
    return [(warning.line, warning.message) for warning in parse(text).warnings]


class TestTheShape:
    def test_title_number_and_date_without_a_year(self) -> None:
        note = parse(DAY)
        assert (note.title, note.number) == ("Where Containers Keep Data", 4)
        assert note.heading == "Day 4: Where Containers Keep Data"
        assert note.date is not None
        assert (note.date.day, note.date.month, note.date.year) == (3, 3, None)

    def test_six_sections_teach_and_the_interview_does_not(self) -> None:
        sections = parse(DAY).sections
        assert [section.number for section in sections] == ["1", "2", "3", "4", "5", "6", "7"]
        assert [section.teaches for section in sections] == [True] * 6 + [False]

    def test_comments_in_code_are_no_headings(self) -> None:
        first = parse(DAY).sections[0]
        assert "# still a comment" in first.body
        assert "{{ .GraphDriver.Data.UpperDir }}" in first.body

    def test_not_even_those_that_look_like_headings_of_sections(self) -> None:
        (section,) = parse("# T\n\n## A\n\n```sh\nls\n\n## not a section\n```\n").sections
        assert section.title == "A"

    def test_four_questions_are_answered(self) -> None:
        found = questions(DAY)
        assert [question.line for question in found] == [62, 64, 66, 68]
        assert all(question.answered for question in found)
        assert found[0].prompt == "What does `-v data:/srv` make if `data` is not there?"
        assert found[2].answer == "**Yes:** both see the same files. **But:** nothing keeps them from writing at once."

    def test_concepts_come_from_bold_leads_of_top_items(self) -> None:
        first = parse(DAY).sections[0]
        assert [concept.term for concept in first.concepts] == ["Copy on Write (`overlay2`)", "Lifetime"]
        lifetime = first.concepts[1]
        assert lifetime.text.splitlines()[0] == "The layer goes with the container."
        assert "Only `docker rm` removes it." in lifetime.text

    def test_a_term_used_twice_is_named_after_its_heading(self) -> None:
        terms = [concept.term for concept in parse(DAY).sections[1].concepts]
        assert terms == [
            "Volume (`-v data:/srv`): Pros",
            "Volume (`-v data:/srv`): Cons",
            "Bind Mount (`-v /srv:/srv`): Pros",
            "Bind Mount (`-v /srv:/srv`): Cons",
        ]

    def test_nothing_to_warn_about(self) -> None:
        assert parse(DAY).warnings == ()

    def test_line_ends_do_not_matter(self) -> None:
        assert parse(DAY.replace("\n", "\r\n")) == parse(DAY)

    def test_a_byte_order_mark_does_not_matter(self) -> None:
        assert parse_note(b"\xef\xbb\xbf" + DAY.encode()) == parse(DAY)


class TestLabels:
    QUESTION = """## Questions
1.  **Q: Who drops it?** <!-- id: q-7f3k -->
    *   *A:* Docker's rules.
    *   *Must:* not by default; `a;b` or publish      *Level:* 2
    *   *Bonus:* which chain
    *   *Red flags:* no route
    *   *Options:*
        - [x] The rules
        - [ ] The route  *Why:* it has one
    *   *Source:* https://docs.example.org/      *As of:* 2026-11
    *   *Lab:* who-drops-it
    *   *Same as:* c-veth
"""

    @pytest.mark.parametrize(
        ("written", "shown", "is_told"),
        [
            ("22/11/2026", "22/11/2026", False),
            ("23rd November 2026", "2026-11-23", False),
            ("early 2026", "early 2026", True),
            ("when we last upgraded", "when we last up\u2026", True),
        ],
    )
    def test_as_of_is_a_date_and_any_other_text_is_told_and_kept(self, written: str, shown: str, is_told: bool) -> None:
        note = parse_note(self.QUESTION.replace("2026-11", written).encode(), name="x")
        told = [(each.line, f'shown as "{shown}"' in each.message) for each in note.warnings if "As of" in each.message]
        assert [question.as_of for question in note.everything_asked] == [shown]
        assert told == ([(10, True)] if is_told else [])

    def test_a_question_takes_all_its_labels(self) -> None:
        (question,) = questions(self.QUESTION)
        assert question.key == "q-7f3k"
        assert question.answer == "Docker's rules."
        assert question.must[0] == "not by default"
        assert question.bonus == ("which chain",)
        assert question.red_flags == ("no route",)
        assert question.level == 2
        assert question.source_url == "https://docs.example.org/"
        assert question.as_of == "2026-11"
        assert question.lab == "who-drops-it"
        assert question.same_as == "c-veth"
        assert question.choices == (
            ParsedChoice(text="The rules", right=True, why=""),
            ParsedChoice(text="The route", right=False, why="it has one"),
        )

    def test_a_semicolon_in_code_divides_no_points(self) -> None:
        (question,) = questions(self.QUESTION)
        assert question.must[1] == "`a;b` or publish"

    def test_labels_do_not_stay_in_the_text(self) -> None:
        (section,) = parse(
            "## A\n* **Veth:** a pair <!-- id: c-a91x -->\n    * *Card:* what → that\n    * more\n"
        ).sections
        assert "Card" not in section.body
        assert "c-a91x" not in section.body
        assert "more" in section.body

    def test_cards_belong_to_their_concept(self) -> None:
        text = "## A\n* **Veth:** a pair\n    * *Card:* What is `a → b`? → an arrow\n    * *Level:* 3\n"
        (concept,) = parse(text).sections[0].concepts
        (card,) = concept.cards
        assert (card.prompt, card.answer, card.level, card.flashcard) == ("What is `a → b`?", "an arrow", 3, True)
        assert card.line == 3

    def test_what_a_card_is_the_same_as_is_said_behind_it(self) -> None:
        text = "## A\n* **Veth:** a pair\n    * *Card:* what → that *Same as:* q-1\n    * *Card:* who → it\n"
        text += "    * *Card:* when → now\n    * *Same as:* q-3 *Level:* 2\n* *Card:* loose → one  *Same as:* q-2\n"
        cards = list(parse(text).everything_asked)
        assert [(card.prompt, card.answer, card.same_as) for card in cards] == [
            ("what", "that", "q-1"),
            ("who", "it", None),
            ("when", "now", "q-3"),
            ("loose", "one", "q-2"),
        ]
        assert messages(text) == []

    def test_a_card_without_a_back_is_a_draft_with_a_warning(self) -> None:
        text = "## A\n* **Veth:** a pair\n    * *Card:* only a front\n"
        (card,) = parse(text).everything_asked
        assert not card.answered
        assert [line for line, _ in messages(text)] == [3]

    @pytest.mark.parametrize(
        ("label", "word"),
        [
            ("*Level:* nine", "level"),
            ("*Source:* javascript:alert(1)", "address"),
            ("*Lab:* ../a", "folder"),
            ("*Same as:* that one", "id"),
        ],
    )
    def test_a_label_that_means_nothing_is_left_out_with_a_warning(self, label: str, word: str) -> None:
        text = f"## Q\n1. **Q: Why?**\n    * *A:* So.\n    * {label}\n"
        (question,) = questions(text)
        assert question.level is None
        assert question.source_url is None
        assert question.lab is None
        assert question.same_as is None
        ((_, message),) = messages(text)
        assert word in message

    def test_an_option_without_a_box_is_left_out_with_its_line(self) -> None:
        text = "## Q\n1. **Q: Why?**\n    * *Options:*\n        - [x] a\n        - b\n"
        assert len(questions(text)[0].choices) == 1
        assert [line for line, _ in messages(text)] == [5]

    def test_an_id_used_twice_stays_with_the_first(self) -> None:
        text = "## Q\n1. **Q: a?** <!-- id: q-1 -->\n    * *A:* b\n2. **Q: c?** <!-- id: q-1 -->\n    * *A:* d\n"
        assert [question.key for question in questions(text)] == ["q-1", None]
        ((line, message),) = messages(text)
        assert line == 4
        assert "line 2" in message

    @pytest.mark.parametrize("answer", ["", "TODO", "*To be completed.*", "...", "Answer here"])
    def test_a_placeholder_is_no_answer(self, answer: str) -> None:
        (question,) = questions(f"## Q\n1. **Q: Why?**\n    * *A:* {answer}\n")
        assert not question.answered


class TestOtherConventions:
    def test_plain_pairs(self) -> None:
        text = "# T\n\nQ: What is it?\nA: A thing.\n\nQ: And that?\n\nA: Another.\n"
        note = parse(text)
        assert [(question.prompt, question.answer) for question in note.questions] == [
            ("What is it?", "A thing."),
            ("And that?", "Another."),
        ]
        assert note.convention == "Q: and A:"

    @pytest.mark.parametrize("heading", ["### Q1: Why so?", "### 1. Why so?", "### Why so?"])
    def test_headings_that_ask(self, heading: str) -> None:
        note = parse(f"# T\n\n## Interview\n\n{heading}\n\n**A:** Because.\n\n```sh\nls\n```\n")
        (question,) = note.questions
        assert question.prompt == "Why so?"
        assert question.answer.startswith("Because.")
        assert "ls" in question.answer
        assert note.convention == "heading questions"

    def test_a_note_without_questions_is_a_note(self) -> None:
        note = parse("# Title\n\nText.\n\n## Part\n\n- a\n- b\n")
        assert list(note.questions) == []
        assert note.convention == "note"
        assert len(note.sections) == 2

    def test_text_without_any_markup_is_a_note(self) -> None:
        note = parse("just words\n")
        assert note.title == "Untitled"
        assert [section.body for section in note.sections] == ["just words"]


class TestFrontMatter:
    def test_id_tags_and_day(self) -> None:
        note = parse("---\nid: n-1\ntags: [Docker, net]\nday: 7\ndate: 2026-03-04\n---\n# T\n\ntext\n")
        assert (note.key, note.tags, note.number) == ("n-1", ("docker", "net"), 7)
        assert note.date is not None
        assert note.date.year == 2026

    @pytest.mark.parametrize("value", ["../x", "a b", "x" * 64, "é"])
    def test_an_id_that_cannot_be_an_address_is_not_used(self, value: str) -> None:
        text = f"---\nid: '{value}'\n---\n# T\n\ntext\n"
        assert parse(text).key is None
        assert len(messages(text)) == 1

    def test_rules_at_the_top_that_are_no_front_matter_stay_text(self) -> None:
        note = parse("---\n\njust a line\n\n---\n\n# T\n\ntext\n")
        assert "just a line" in note.sections[0].body
        assert [warning.line for warning in note.warnings] == [2]

    def test_lines_are_counted_from_the_top_of_the_file(self) -> None:
        text = "---\nid: n-1\n---\n# T\n\n<script>\n"
        assert [line for line, _ in messages(text)] == [6]


class TestTrouble:
    def test_a_script_is_warned_about_with_its_line(self) -> None:
        ((line, message),) = messages("# T\n\nfirst\nthen <script>alert(1)</script>\n")
        assert line == 4
        assert "<script>" in message

    def test_a_script_in_code_is_nothing_to_warn_about(self) -> None:
        assert messages("# T\n\n`<script>` and\n\n```html\n<script>\n```\n") == []

    def test_a_date_that_is_none_stays_in_the_text(self) -> None:
        note = parse("# T\n**Date:** 30th February\n\ntext\n")
        assert note.date is None
        assert "30th February" in note.sections[0].body

    def test_a_giant_paragraph_is_refused_with_its_line(self) -> None:
        with pytest.raises(Unreadable) as refused:
            parse("# T\n\n" + "[" * 20_000)
        assert refused.value.line == 3

    def test_a_long_list_is_no_giant_paragraph(self) -> None:
        note = parse("# T\n\n## A\n" + "* **Term:** some words about it\n" * 1_000)
        assert len(note.sections[0].concepts) == 1_000

    @examples(150)
    @given(st.lists(PIECES, max_size=25).map("".join))
    def test_no_text_is_too_odd(self, text: str) -> None:
        try:
            note = parse(text)
        except Unreadable:
            assert not text.strip()
            return
        lines = text.count("\n") + 1
        assert all(1 <= warning.line <= lines for warning in note.warnings)
        assert all(1 <= question.line <= lines for question in note.everything_asked)

    @examples(100)
    @given(st.binary(max_size=300))
    def test_no_bytes_are_too_odd(self, data: bytes) -> None:
        with suppress(Unreadable):
            assert parse_note(data).title


@pytest.mark.parametrize(
    "piece",
    [
        "### Q1: Why?\n\nBecause.\n\n",
        "### Why?\n\n",
        "### Why?\n\n* Because.\n\n",
        "* **Term:** text\n    * *Card:* front → back\n",
        "Q: Why?\nA: So.\n\n",
    ],
)
def test_a_long_note_takes_time_by_its_length_only(piece: str) -> None:
    assert growth(lambda size: parse_note(f"# T\n\n{piece * size}".encode()), 100) < LINEAR_MOST


def test_many_blanks_take_time_by_their_number_only() -> None:
    assert growth(lambda size: card_of(f"a{' ' * size}b"), 4_000) < LINEAR_MOST
    assert growth(lambda size: take_id(f"a{' ' * size}b"), 4_000) < LINEAR_MOST
