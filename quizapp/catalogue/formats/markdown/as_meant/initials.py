# ruff: noqa: RUF001  Letters of other alphabets are meant.
"""Questions and answers named by the first letter of these words in other languages, `P:` and `R:`. Pure.

Such a letter means other things too (`C:` is a drive), so it counts where questions and answers take turns.
"""

import re
from collections.abc import Container, Sequence

from quizapp.catalogue.formats.markdown.wording import Asks, read

FEWEST = 2  # questions
# Pregunta or Pergunta and Resposta, Question and Réponse, Frage and Antwort, Domanda and Risposta, Вопрос and Ответ,
# Soru and Cevap, Hỏi and Đáp.
_PAIRS = (("P", "R"), ("Q", "R"), ("F", "A"), ("D", "R"), ("В", "О"), ("S", "C"), ("H", "Đ"))
_FIRSTS = frozenset("PQRFADВОSCHĐ*-+_ ")
_INITIAL = re.compile(
    r"^(?P<before>\s{0,3}(?:[-*+]\s+)?(?:\*\*|__)?)(?P<letter>[PQRFADВОSCHĐ])(?P<behind>\s?\d{0,3}(?:\*\*|__)?\s?[:：](?:\*\*|__)?)(?=\s+\S)"
)


def named_in_full(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that begin so, with `Q` and `A`; empty if the note has no such pairs."""
    found = [
        (number, initial)
        for number, line in enumerate(lines)
        if line[:1] in _FIRSTS and (":" in line[:12] or "：" in line[:12])
        if number not in code and (initial := _INITIAL.match(line)) is not None
    ]
    for asks, answers in _PAIRS:
        own = [one for one in found if one[1]["letter"] in (asks, answers)]
        letters = "".join(initial["letter"] for _, initial in own)
        if letters.count(asks) >= FEWEST and letters == (asks + answers) * (len(letters) // 2):
            return {number: _written(lines[number], initial, asks) for number, initial in own}
    behind = [one for one in found if one[1]["letter"] == "R" and _asks_above(lines, one[0])]
    return {number: _written(lines[number], initial, "") for number, initial in behind} if len(behind) >= FEWEST else {}


def _written(line: str, initial: re.Match[str], asks: str) -> str:
    letter = "Q" if initial["letter"] == asks else "A"
    return f"{initial['before']}{letter}{initial['behind'].replace(' ', '')}{line[initial.end() :]}"


def _asks_above(lines: Sequence[str], number: int) -> bool:
    """Whether the next line above that is not blank asks."""
    above = next((line for line in reversed(lines[max(number - 3, 0) : number]) if line.strip()), "")
    return read(above.lstrip("#> ")).asks in (Asks.MARK, Asks.IMPERATIVE)
