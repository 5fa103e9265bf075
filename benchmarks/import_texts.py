"""Notes of any length for the benchmarks of imports, the same at each run: our own format, and other people's.

No line is a copy of anybody's text. Items differ in their words as real ones do, so that none is taken for another.
"""

import random
import re
from collections.abc import Callable, Iterator

SEED = 17
# Words that notes on infrastructure use; a sentence takes a dozen of them.
WORDS = re.findall(
    r"\w+",
    """
    address bridge bucket cache certificate chain client cluster container daemon deployment disk domain driver edge
    endpoint event firewall gateway group handler header host image index ingress instance interface kernel key
    label layer lease limit listener log mount namespace network node object packet peer pipeline plugin pod policy
    pool port prefix process proxy queue quota record region registry replica resolver role route rule runner
    schedule secret segment server service session shard snapshot socket stack state storage stream subnet switch
    table target task template thread timeout token topic traffic tunnel update user value version volume watcher
    worker zone
    """,
)
VERBS = (
    "assigns",
    "blocks",
    "copies",
    "drops",
    "forwards",
    "keeps",
    "loses",
    "mounts",
    "needs",
    "opens",
    "reads",
    "replaces",
    "sends",
    "starts",
    "stops",
)
COMMANDS = "docker run", "ip link show", "kubectl get pods", "systemctl status", "openssl s_client", "dig +short"
OWN_SECTION = 38  # items of a section of our own format: ten concepts with eighteen cards, ten questions
CONCEPTS = CARDS = QUESTIONS = 10


class Words:
    """Words, sentences and questions, drawn in a fixed order."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def some(self, number: int) -> str:
        """So many words."""
        return " ".join(self._chance.choices(WORDS, k=number))

    def sentence(self, number: int = 11) -> str:
        """A sentence of so many words, one of which is code."""
        verb, command = self._chance.choice(VERBS), self._chance.choice(COMMANDS)
        return f"The {self.some(number - 6)} {verb} the {self.some(2)} by `{command}`."

    def question(self) -> str:
        """A question."""
        return f"Which {self.some(4)} {self._chance.choice(VERBS)} the {self.some(3)}?"


def own(items: int, *, seed: int = SEED, title: str = "Day 1: Networks") -> str:
    """A note of our own format with about so many concepts, cards and questions; 320 bytes each."""
    words = Words(seed)
    parts = [f"---\ntags: [docker, networks]\n---\n# {title}\n**Date:** 21st November\n"]
    parts += [_own_section(words, number) for number in range(1, max(items // OWN_SECTION, 1) + 1)]
    return "\n".join(parts)


def _own_section(words: Words, number: int) -> str:
    concepts = [_concept(words, cards=1 + (place % CONCEPTS > 1)) for place in range(CONCEPTS)]
    questions = [_own_question(words, place, with_options=place % 3 == 0) for place in range(1, QUESTIONS + 1)]
    return "\n".join(
        [
            f"## {2 * number - 1}. {words.some(4).title()}\n{words.sentence(20)}\n",
            *concepts,
            f"\n```bash\n# {words.some(6)}\n{words.some(3)}\n```\n",
            f"## {2 * number}. Interview Questions on {words.some(3).title()}\n",
            *questions,
            "",
        ]
    )


def _concept(words: Words, *, cards: int) -> str:
    lines = [f"*   **{words.some(3).title()}:** {words.sentence(16)}", f"    *   {words.sentence(14)}"]
    lines += [f"    *   *Card:* {words.question()} → {words.sentence()}" for _ in range(cards)]
    lines += [
        "    *   *Source:* https://docs.example.org/" + words.some(2).replace(" ", "/"),
        "    *   *As of:* 2026-11",
    ]
    return "\n".join(lines)


def _own_question(words: Words, number: int, *, with_options: bool) -> str:
    head = f"{number}.  **Q: {words.question()}**"
    if not with_options:
        points = "; ".join(words.some(3) for _ in range(3))
        return f"{head}\n    *   *A:* {words.sentence(18)}\n    *   *Must:* {points}      *Level:* 2"
    options = [
        f"        - [{'x' if place == 1 else ' '}] {words.some(4)}  *Why:* {words.some(5)}" for place in range(3)
    ]
    return "\n".join([head, "    *   *Options:*", *options])


def others(size: int, *, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Notes as other people write them, one for each way, of about so many bytes together: file name and text."""
    for number, (name, way) in enumerate(WAYS.items()):
        words = Words(seed + number)
        parts = [f"# {words.some(2).title()} Interview Questions\n"]
        written = 0
        while written < size / len(WAYS):
            parts.append(way(words, len(parts)))
            written += len(parts[-1])
        yield f"{name}.md", "\n".join(parts)


def _heading(words: Words, number: int) -> str:
    code = f"```bash\n{words.some(3)}\n```\n" if number % 4 == 0 else ""
    return (
        f"### {number}. {words.question()}\n\n{words.sentence(20)} {words.sentence(16)}\n\n{code}- {words.sentence()}\n"
    )


def _pair(words: Words, _number: int) -> str:
    return f"Q: {words.question()}\nA: {words.sentence(20)}\n"


def _details(words: Words, _number: int) -> str:
    summary = f"<details>\n<summary>{words.question()}</summary>\n\n"
    return f"{summary}{words.sentence(20)}\n\n- {words.sentence()}\n- {words.sentence()}\n\n</details>\n"


def _lettered(words: Words, number: int) -> str:
    options = "\n".join(f"{letter}) {words.some(4)}" for letter in "ABCD")
    return f"**Question {number}:** {words.question()}\n\n{options}\n\n**Answer: {'ABCD'[number % 4]}**\n"


def _ticked(words: Words, number: int) -> str:
    options = "\n".join(f"- [{'x' if place == number % 4 else ' '}] {words.some(4)}" for place in range(4))
    return f"#### Q{number}. {words.question()}\n\n{options}\n"


def _bold(words: Words, _number: int) -> str:
    return f"**{words.question()}**\n\n{words.sentence(22)}\n{words.sentence(18)}\n"


def _item(words: Words, number: int) -> str:
    return f"{number}. {words.question()}\n    - {words.sentence(16)}\n    - {words.sentence()}"


def _row(words: Words, number: int) -> str:
    head = f"\n## {words.some(2)}\n\n| Question | Answer |\n|---|---|\n" if number % 20 == 1 else ""
    return f"{head}| {words.question()} | {words.sentence(16)} |"


def _sides(words: Words, number: int) -> str:
    tag = "#flashcards\n\n" if number == 1 else ""
    return f"{tag}{words.question()} :: {words.sentence(14)}\n"


def _teaching(words: Words, number: int) -> str:
    rows = "\n".join(f"| {words.some(2)} | {words.some(5)} |" for _ in range(6))
    lists = "\n".join(f"- **{words.some(1)}**: {words.sentence(14)}" for _ in range(4))
    head = f"## {number}. {words.some(3).title()}\n\n{words.sentence(40)}"
    return f"{head}\n\n{lists}\n\n| Name | Use |\n|---|---|\n{rows}\n"


WAYS: dict[str, Callable[[Words, int], str]] = {
    "headings": _heading,
    "pairs": _pair,
    "details": _details,
    "lettered": _lettered,
    "ticked": _ticked,
    "bold": _bold,
    "listed": _item,
    "tables": _row,
    "sides": _sides,
    "teaching": _teaching,
}


def reworded(note: str) -> str:
    """A note of our own in which each question has a word more, as after a thorough revision."""
    return note.replace("**Q: Which ", "**Q: Exactly which ").replace("*Card:* Which ", "*Card:* Exactly which ")
