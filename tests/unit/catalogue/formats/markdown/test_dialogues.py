"""Talks of an interview or with a machine, as people keep them: small notes of our own."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote

TWO = [("What is a cache?", "A copy.\n\n- near\n- fast"), ("What is a queue?", "A line.")]
TALKS = {
    "bold names of an interview": "# Mock interview\n\n**Interviewer:** What is a cache?\n\n"
    "**Candidate:** A copy.\n\n- near\n"
    "- fast\n\n**Interviewer:** What is a queue?\n\n**You:** A line.\n",
    "bold names without a colon, the talk below": "# A chat\n\n**You**\n\nWhat is a cache?\n\n**ChatGPT**\n\n"
    "A copy.\n\n- near\n"
    "- fast\n\n**You**\n\nWhat is a queue?\n\n**ChatGPT**\n\nA line.\n",
    "bare names on lines of their own": "# A chat\n\nuser:\nWhat is a cache?\n\ncopilot:\nA copy.\n\n- near\n"
    "- fast\n\n"
    "user:\nWhat is a queue?\n\ncopilot:\nA line.\n",
    "headings with the hour": "# Export\n\n## \U0001f464 User - 2026-01-23 09:45\n\nWhat is a cache?\n\n"
    "## \U0001f916 Assistant - 2026-01-23 09:46\n\nA copy.\n\n- near\n- fast\n\n## \U0001f464 User (09:47)\n\n"
    "What is a queue?\n\n## \U0001f916 Assistant (09:48)\n\nA line.\n",
    "what a page of a chat copies": "##### You said:\n\nWhat is a cache?\n\n###### ChatGPT said:\n\nA copy.\n\n"
    "- near\n- fast\n\n"
    "##### You said:\n\nWhat is a queue?\n\n###### ChatGPT said:\n\nA line.\n",
    "names with their part": "**Ada (Interviewer):** What is a cache?\n\n**Bob (Candidate):** A copy.\n\n"
    "- near\n- fast\n\n"
    "**Ada (Interviewer):** What is a queue?\n\n**Bob (Candidate):** A line.\n",
}


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode(), name="a-file")


def asked(text: str) -> list[tuple[str, str]]:
    return [(one.prompt, one.answer) for one in parse(text).questions]


@pytest.mark.parametrize("talk", TALKS)
def test_a_talk_is_questions_and_answers(talk: str) -> None:
    assert asked(TALKS[talk]) == TWO


def test_headings_in_what_a_machine_says_belong_to_its_answer() -> None:
    text = "# Chat\n\n**User:** What is a cache?\n\n**AI:** A copy.\n\n## Kinds\n\nTwo.\n\n### Near\n\nIn memory.\n\n"
    text += "**User:** Compare it with a queue\n\n**AI:** A queue is a line.\n"
    assert [answer for _, answer in asked(text)] == [
        "A copy.\n\n## Kinds\n\nTwo.\n\n### Near\n\nIn memory.",
        "A queue is a line.",
    ]


def test_who_only_says_thanks_asks_nothing() -> None:
    text = "".join(f"**User:** What is {it}?\n\n**Claude:** It is one.\n\n" for it in ("a cache", "a queue"))
    read = asked(text + "**User:** Thanks, that is clear.\n\n**Claude:** You are welcome!\n")
    assert [prompt for prompt, _ in read] == ["What is a cache?", "What is a queue?"]
    assert read[-1][1].endswith("You are welcome!")


def test_an_interviewer_tells_to_do_something_behind_other_words() -> None:
    text = "**Interviewer:** Hello! What is a cache?\n\n**Candidate:** A copy.\n\n"
    text += "**Interviewer:** Thank you. Tell me about an outage.\n\n**Candidate:** DNS was down.\n"
    assert asked(text)[1] == ("Thank you. Tell me about an outage.", "DNS was down.")


def test_headings_of_an_interviewer_have_what_stands_below_as_their_answer() -> None:
    scene = '## Scene {0}\n\n### **Interviewer**: "What is {1}?"\n\n**Expected points:**\n\n1. {2}\n\n'
    scene += "### Commands\n\nNone.\n\n"
    read = parse("# Practice session\n\n" + scene.format(1, "a cache", "A copy") + scene.format(2, "a queue", "A line"))
    assert [section.title for section in read.sections] == ["Scene 1", "Scene 2"]
    assert [one.prompt for one in read.questions] == ['"What is a cache?"', '"What is a queue?"']
    assert "A copy" in next(read.questions).answer
    assert "None." in next(read.questions).answer


@pytest.mark.parametrize(
    "text",
    [
        "# Roles\n\n**User:** somebody who signs in.\n\n**Assistant:** a program.\n\n**User:** once more.\n\n"
        "**Assistant:** x\n",
        "# Prompts\n\nA prompt has parts.\n\n## Roles\n\nThree.\n\n## Example\n\n**User:** What is DNS?\n\n"
        "**Assistant:** Names.\n",
        "# Prompts\n\n```\nUser: What is DNS?\nAssistant: Names.\nUser: What is ARP?\nAssistant: Macs.\n```\n",
    ],
)
def test_words_that_are_no_talk(text: str) -> None:
    assert asked(text) == []


def test_questions_that_a_machine_was_asked_for_are_the_notes_questions() -> None:
    text = "**You:** Give me two questions on caches.\n\n**ChatGPT:** Here they are.\n\n"
    text += "### Q1: What is a cache?\n\nA copy.\n\n"
    text += "**You:** And two more please, on queues?\n\n**ChatGPT:** Sure.\n\n### Q2: What is a queue?\n\nA line.\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "What is a queue?"]


def test_a_talk_in_quotations_ends_with_the_next_heading() -> None:
    turn = "> **Interviewer**: What is {0}?\n\n**Candidate**: {1}\n\n"
    text = "# Blog\n\nA text.\n\n## Talk\n\nIt began.\n\n" + turn.format("a cache", "A copy.")
    read = parse(text + turn.format("a queue", "A line.") + "## Conclusion\n\nThanks.\n")
    assert [(one.prompt, one.answer) for one in read.questions] == [
        ("What is a cache?", "A copy."),
        ("What is a queue?", "A line."),
    ]
    assert [section.title for section in read.sections][1:] == ["Talk", "Conclusion"]
