"""What is told of a missed question: what was given, what is right, and why. Reads nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from markupsafe import Markup, escape

from quizapp.catalogue.articles.queries import QuestionView
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.pages.queries import ShownChoice
from quizapp.quiz.pages.shown_fields import ShownFields

NOTHING, UNKNOWN = Markup("Nothing."), Markup("That you do not know.")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of a missed question, each a list of texts as HTML."""

    given: Sequence[Markup]
    """What the learner answered; never empty."""
    right: Sequence[Markup]
    why: Sequence[Markup]
    """Why what was given is wrong, or what it lacks; else the explanation. Empty if the author gave none."""


def told(
    question: QuestionView, answer: Mapping[str, Any], *, choices: Sequence[ShownChoice], several: ShownFields
) -> Told:
    """What is told of a question as it was asked and answered; `answer` is an attempt's."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            found = _of_options(question, choices)
        case QuestionKind.OPEN | QuestionKind.FLASHCARD:
            found = _of_words(question, answer)
        case QuestionKind.LAB:
            found = _of_command(question, answer)
        case QuestionKind.ORDER | QuestionKind.MATCH | QuestionKind.CLOZE:
            found = _of_fields(question, several)
        case QuestionKind.SHORT | QuestionKind.NUMBER:
            found = Told(given=_texts(answer.get("text")), right=[question.solution_html], why=_texts_of(question))
        case QuestionKind.TRUTH:
            said = ": ".join(filter(None, ["".join(answer.get("parts", ())).capitalize(), answer.get("text", "")]))
            found = Told(given=_texts(said), right=[question.solution_html], why=_texts_of(question))
        case _:
            assert_never(question.kind)
    given = [UNKNOWN] if answer.get("unknown") else found.given or [NOTHING]
    return Told(given=given, right=[text for text in found.right if text], why=found.why)


def _of_options(question: QuestionView, choices: Sequence[ShownChoice]) -> Told:
    wrong = [one for one in choices if one.state in ("wrong", "missed")]
    why = [Markup(one.why_html) for one in wrong if one.why_html]
    return Told(
        given=[Markup(one.html) for one in choices if one.state in ("right", "wrong")],
        right=[Markup(one.html) for one in choices if one.state in ("right", "missed")],
        why=why or _texts_of(question),
    )


def _of_words(question: QuestionView, answer: Mapping[str, Any]) -> Told:
    """Of an open answer: the points of its guide that it lacks, and the red flags that are in it."""
    said, flags = answer.get("points", ()), answer.get("red_flags", ())
    lacks = [Markup("Not said: ") + point for number, point in enumerate(question.must) if number not in said]
    wrong = [Markup("Said, and wrong: ") + one for number, one in enumerate(question.red_flags) if number in flags]
    return Told(given=_texts(answer.get("text")), right=_texts_of(question), why=[*lacks, *wrong])


def _of_command(question: QuestionView, answer: Mapping[str, Any]) -> Told:
    """Of a command: what its effect lacks, in the lab's words."""
    text, said = answer.get("text"), answer.get("effect", {}).get("said", "")
    return Told(
        given=[Markup("<pre><code>{}</code></pre>").format(text)] if text else [],
        right=[question.solution_html],
        why=[*([render_inline(said)] if said else []), *_texts_of(question)],
    )


def _of_fields(question: QuestionView, several: ShownFields) -> Told:
    """Of several fields: those that are wrong."""
    wrong = [one for one in several.fields if one.is_right is False]
    said = wrong if any(one.given for one in wrong) else []
    in_order = sorted(wrong, key=lambda one: int(one.right)) if question.kind is QuestionKind.ORDER else wrong
    return Told(
        given=[Markup("{}: {}").format(one.name, one.given or "nothing") for one in said],
        right=[Markup("{}: {}").format(one.name, one.right) for one in in_order],
        why=_texts_of(question),
    )


def _texts(text: str | None) -> list[Markup]:
    return [escape(text)] if text else []


def _texts_of(question: QuestionView) -> list[Markup]:
    return [question.answer_html] if question.answer_html else []
