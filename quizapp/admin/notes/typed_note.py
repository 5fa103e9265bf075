"""A note's text as learners would see it, what was understood of it, and what could be better. Stores nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizapp.catalogue.articles.queries import QuestionView, view_of
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, ParsedSection, Unreadable
from quizapp.catalogue.html.markdown_html import render_document
from quizapp.catalogue.lint.lint_advice import BETTER
from quizapp.catalogue.lint.note_lint import lint_note
from quizapp.catalogue.models import Choice, Question
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.pictures.pictures import with_pictures
from quizapp.catalogue.store.question_store import content_of
from quizapp.garbage_collection import collector_held

LINES_NAMED = 8  # of one remark; a note of a hundred questions may have a hundred lines with it


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What an import would say of some lines, or how they could be better."""

    lines: Sequence[int]
    """Those of which it is said, from the first to the last; at least one."""
    message: str
    rule: str = ""
    """The rule of the linter; empty for what the import says."""
    better: str = ""
    """An example that keeps the rule."""

    @property
    def where(self) -> str:
        """The lines in words, with the first LINES_NAMED of them: "Lines 3, 5 and 8"."""
        return f"Line{'s' if len(self.lines) > 1 else ''} {_listed(self.lines)}"

    @property
    def in_margin(self) -> str:
        """What the margin says at the first of the lines."""
        more = self.lines[1:]
        return (
            f"{self.message} The same of line{'s' if len(more) > 1 else ''} {_listed(more)}." if more else self.message
        )


@dataclass(frozen=True, kw_only=True)
class TypedSection:
    """A section as a note's page would show it."""

    number: str | None
    title: str
    html: Markup
    questions: Sequence[QuestionView]
    """Its cards and questions."""


@dataclass(frozen=True, kw_only=True)
class TypedNote:
    """A note's text as it was understood."""

    title: str
    sections: Sequence[TypedSection]
    remarks: Sequence[Remark]
    """By first line, each once whatever the number of its lines; one alone if the text cannot be read."""
    uses: Sequence[str]
    """What becomes of each line; empty for a blank one."""
    is_readable: bool = True

    @property
    def as_json(self) -> str:
        """What the editor's margin shows: of each line what it became, and the remarks."""
        said = [{"line": one.lines[0], "message": one.in_margin, "better": one.better} for one in self.remarks]
        return json.dumps({"uses": self.uses, "remarks": said})


def read_typed(text: str, *, name: str, stored_title: str, pictures: Mapping[str, Picture]) -> TypedNote:
    """What is understood of a text that is stored as `name`.

    Without a title of its own it keeps the one that it has, `stored_title`. `pictures` are those of the note, by
    address.
    """
    pictured = with_pictures(text.encode(), pictures.get)
    try:
        with collector_held():
            parsed = parse_note(pictured.data, name=name)
            bodies = render_document(*(section.body for section in parsed.sections))
            sections = [_section(parsed, one, html) for one, html in zip(parsed.sections, bodies, strict=True)]
    except Unreadable as error:
        remark = Remark(lines=[error.line], message=str(error))
        return TypedNote(title=name, sections=(), remarks=[remark], uses=(), is_readable=False)
    remarks = sorted(_remarks(parsed), key=lambda one: (one.lines[0], one.rule))
    title = stored_title if parsed.title == name else parsed.heading
    return TypedNote(title=title, sections=sections, remarks=remarks, uses=[use or "" for use in parsed.uses])


def _remarks(parsed: ParsedNote) -> Iterator[Remark]:
    lines: dict[tuple[str, str], set[int]] = {}
    for warning in parsed.warnings:
        lines.setdefault(("", warning.message), set()).add(warning.line)
    for found in lint_note(parsed):
        lines.setdefault((found.rule, found.message), set()).add(found.line)
    for (rule, message), at in lines.items():
        yield Remark(lines=sorted(at), message=message, rule=rule, better=BETTER.get(rule, ""))


def _listed(lines: Sequence[int]) -> str:
    shown = [str(line) for line in lines[:LINES_NAMED]]
    if len(lines) > LINES_NAMED:
        shown.append(f"{len(lines) - LINES_NAMED} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _section(parsed: ParsedNote, section: ParsedSection, html: Markup) -> TypedSection:
    cards = [card for concept in section.concepts for card in concept.cards]
    return TypedSection(
        number=section.number,
        title=section.title if section.title != parsed.title else "",
        html=html,
        questions=[_question(one) for one in (*cards, *section.cards, *section.questions)],
    )


def _question(parsed: ParsedQuestion) -> QuestionView:
    """The question as learners would see it; its row is never stored."""
    content = content_of(parsed)
    row = Question(
        id=0,
        key="",
        kind=content.kind,
        prompt=content.prompt,
        answer=content.answer,
        must=list(content.must),
        bonus=list(content.bonus),
        red_flags=list(content.red_flags),
        hints=list(content.hints),
        expected=content.expected,
        source_url=content.source_url,
        as_of=content.as_of,
        level=content.level,
        choices=[Choice(id=0, text=each.text, right=each.right, why=each.why) for each in content.choices],
    )
    return view_of(row)
