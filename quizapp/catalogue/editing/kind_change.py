"""What a question becomes when it is asked in another way, and what of it the other way has no place for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.models import CHOICE_KINDS, EXPECTING_KINDS, PAGE_KINDS, QuestionKind
from quizapp.catalogue.question_wording import ChoiceWording, Wording, faults


@dataclass(frozen=True, kw_only=True)
class KindChange:
    """A question as another kind."""

    wording: Wording
    lost: Sequence[str]
    """A phrase for each part that the other kind has no place for."""
    is_finished: bool
    """Whether it can be asked as it is; else it is a draft until somebody completes it."""


def changed_kind(wording: Wording, old: QuestionKind, new: QuestionKind) -> KindChange:
    """The same question asked in another way. What is right is kept in words as far as the other kind can say it."""
    lost: list[str] = []
    made = _with_choices(wording, old, new, lost)
    made = _with_expected(made, wording, old, new, lost)
    if new not in PAGE_KINDS and made.hints:
        lost.append("its hints")
        made = replace(made, hints=())
    if new is not QuestionKind.OPEN and (made.must or made.bonus or made.red_flags):
        lost.append("its marking guide")
        made = replace(made, must=(), bonus=(), red_flags=())
    if new not in (*CHOICE_KINDS, *EXPECTING_KINDS) and not made.answer:
        made = replace(made, answer=_right_in_words(wording, old))
    return KindChange(wording=made, lost=lost, is_finished=not faults(made, new, draft=False))


def _with_choices(wording: Wording, old: QuestionKind, new: QuestionKind, lost: list[str]) -> Wording:
    if new not in CHOICE_KINDS:
        if wording.choices:
            lost.append("its options, and why each is right or wrong")
        return replace(wording, choices=())
    if old in CHOICE_KINDS:
        right = [choice.id for choice in wording.choices if choice.right]
        if new is QuestionKind.SINGLE and len(right) > 1:
            lost.append("which options are right beside the first one")
            choices = (replace(one, right=one.id == right[0]) for one in wording.choices)
            return replace(wording, choices=tuple(choices))
        return wording
    if old is QuestionKind.TRUTH:
        said = wording.expected.strip().lower() == "true"
        options = (("True", said), ("False", not said))
        return replace(wording, choices=tuple(_option(text, right) for text, right in options))
    right_in_words = _right_in_words(wording, old)
    return replace(wording, choices=(_option(right_in_words, True),) if right_in_words else ())


def _option(text: str, right: bool) -> ChoiceWording:
    return ChoiceWording(id=None, text=text, right=right, why="")


def _with_expected(made: Wording, was: Wording, old: QuestionKind, new: QuestionKind, lost: list[str]) -> Wording:
    if new not in EXPECTING_KINDS:
        if old in (QuestionKind.ORDER, QuestionKind.MATCH, QuestionKind.CLOZE) and new in CHOICE_KINDS:
            lost.append("what is right, as something to put together")
        return replace(made, expected="")
    words = " | ".join(one.text for one in was.choices if one.right) if was.choices else _right_in_words(was, old)
    return replace(made, expected=words if _can_read(new, words) else "")


def _can_read(kind: QuestionKind, text: str) -> bool:
    try:
        read(kind.value, text)
    except NotExpected:
        return False
    return True


def _right_in_words(wording: Wording, kind: QuestionKind) -> str:
    """What is right in a question, as a text."""
    if wording.choices:
        return "\n".join(choice.text for choice in wording.choices if choice.right)
    if wording.expected and _can_read(kind, wording.expected):
        return read(kind.value, wording.expected).solution
    return wording.answer
