"""Changes the texts of a note that was read, and nothing else of it. Pure."""

from collections.abc import Callable
from dataclasses import replace

from quizapp.catalogue.formats.parsed import ParsedConcept, ParsedNote, ParsedQuestion
from quizapp.catalogue.kinds.expected import with_texts as expected_with_texts

Change = Callable[[str], str]


def with_texts(note: ParsedNote, change: Change) -> ParsedNote:
    """The note in which every text that is Markdown is what `change` makes of it."""

    def concept(one: ParsedConcept) -> ParsedConcept:
        cards = tuple(question_with_texts(card, change) for card in one.cards)
        return replace(one, text=change(one.text), cards=cards)

    sections = (
        replace(
            section,
            body=change(section.body),
            concepts=tuple(map(concept, section.concepts)),
            cards=tuple(question_with_texts(card, change) for card in section.cards),
            questions=tuple(question_with_texts(one, change) for one in section.questions),
        )
        for section in note.sections
    )
    return replace(note, sections=tuple(sections))


def question_with_texts(question: ParsedQuestion, change: Change) -> ParsedQuestion:
    """The question in which every text is what `change` makes of it."""
    prompt, answer = change(question.prompt), change(question.answer)
    if not (question.must or question.bonus or question.red_flags or question.choices or question.expected):
        same = prompt == question.prompt and answer == question.answer
        return question if same else replace(question, prompt=prompt, answer=answer)
    return replace(
        question,
        prompt=prompt,
        answer=answer,
        must=tuple(map(change, question.must)),
        bonus=tuple(map(change, question.bonus)),
        red_flags=tuple(map(change, question.red_flags)),
        choices=tuple(replace(choice, text=change(choice.text), why=change(choice.why)) for choice in question.choices),
        hints=tuple(map(change, question.hints)),
        expected=expected_with_texts(question.expected, change) if question.expected is not None else None,
    )
