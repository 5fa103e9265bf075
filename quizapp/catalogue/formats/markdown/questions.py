"""Makes the questions of a note from their beginnings and what belongs to them. Pure."""

import re
from bisect import bisect_left

from quizapp.catalogue.formats.markdown.answers import answer_summary
from quizapp.catalogue.formats.markdown.as_meant.copied_blocks import with_copied_blocks
from quizapp.catalogue.formats.markdown.body import Body, BodyReader
from quizapp.catalogue.formats.markdown.conventions.gaps import filled
from quizapp.catalogue.formats.markdown.conventions.stated import truth_of, without_its_name
from quizapp.catalogue.formats.markdown.labels import points_of, take_id
from quizapp.catalogue.formats.markdown.openings import Convention, Opening
from quizapp.catalogue.formats.markdown.origin import GUIDES, read_origin, read_same_as
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.segments import Segment
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import is_placeholder, read, unwrapped
from quizapp.catalogue.formats.parsed import LineUse, ParsedQuestion
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.kinds.expected import Expected

_HEADING = re.compile(r"^#{1,6}\s+")  # the question may be a heading below "### Question 3"


def questions_of(segment: Segment, source: Source) -> tuple[list[ParsedQuestion], set[int]]:
    """The question of a segment, and the one the other way round if both are asked; and the lines that they take."""
    opening = segment.opening
    lines = _lines_of(segment, source)
    source.use(opening.lines, LineUse.QUESTION)
    if opening.answer is not None:
        body = Body(answer="" if is_placeholder(opening.answer) else source.resolved(opening.answer))
    else:
        body = _body_of(segment, source, lines)
        body.answer = filled(body.answer) if opening.convention is Convention.TAGGED else body.answer
    prompt = opening.prompt
    if opening.flashcard:
        prompt = read(prompt, most=FIELD_MAX_CHARS).prompt or prompt  # a front such as "Q1" has nothing but its name
    question = _question(opening, prompt, body, source)
    if not opening.reverse:
        return [question], lines
    back = _question(opening, body.answer, Body(answer=source.resolved(prompt)), source)
    return [question, back], lines


def _lines_of(segment: Segment, source: Source) -> set[int]:
    lines = set(segment.opening.lines)
    lines |= (
        set(range(segment.opening.rest_line, segment.opening.rest_line + segment.opening.rest.count("\n") + 1))
        if (segment.opening.rest)
        else set()
    )
    for block in (*segment.opening.below, *segment.blocks):
        lines |= set(block.lines)
    first, last = min(lines), max(segment.opening.until or 0, max(lines) + 1)
    for place in range(bisect_left(source.details, first, key=_first_of), len(source.details)):
        region = source.details[place]
        if region.first >= max(last, segment.end):
            break
        if region.first < last or _is_told(region):
            lines |= region.lines
    return lines


def _first_of(region: Details) -> int:
    return region.first


def _is_told(region: Details) -> bool:
    """Whether a `<details>` is called "Answer" and holds it on the line of its summary, so that it has no block."""
    return bool(region.text and region.summary) and answer_summary(region.summary) is not None


def _body_of(segment: Segment, source: Source, lines: set[int]) -> Body:
    opening = segment.opening
    inside = [one for one in source.details if not (one.lines.isdisjoint(lines) or one.lines <= opening.lines)]
    reader = BodyReader(source, [one for one in inside if one.first >= opening.line])
    reader.text(opening.rest, opening.rest_line)
    reader.read(opening.below)
    reader.read(segment.blocks)
    return reader.finish(opening.prompt, must_answer=not opening.prompt or opening.sets_task)


def _question(opening: Opening, prompt: str, body: Body, source: Source) -> ParsedQuestion:
    line = opening.line + 1
    origin = read_origin(body.labels, source)
    named = {name: "; ".join([one.text for one in body.labels if one.label == name]) for name in GUIDES}
    first, _, more = body.stem.partition("\n\n")
    stem = body.stem if prompt else "\n\n".join(part for part in (unwrapped(_HEADING.sub("", first)), more) if part)
    whole = "\n\n".join(part for part in (source.resolved(prompt), stem) if part.strip())
    answer, expected = _answered(opening, whole, body)
    return ParsedQuestion(
        key=_key_of(opening, source) or body.key,
        line=line,
        prompt=source.capped(whole, line),
        answer=source.capped(with_copied_blocks(answer), line),
        flashcard=opening.flashcard,
        must=points_of(named["must"]),
        bonus=points_of(named["bonus"]),
        red_flags=points_of(named["red flags"]),
        choices=body.choices,
        expected=expected,
        hints=body.hints,
        level=origin.level,
        source_url=origin.source_url,
        as_of=origin.as_of,
        lab=origin.lab,
        same_as=read_same_as(body.labels, source),
    )


def _answered(opening: Opening, prompt: str, body: Body) -> tuple[str, Expected | None]:
    """The answer, which beside what is right is the reason for it, and what is right."""
    if body.choices or body.expected is not None:
        return without_its_name(body.answer), body.expected
    stated = None if opening.flashcard else truth_of(prompt, body.answer)
    return (stated[1], stated[0]) if stated is not None else (body.answer, None)


def _key_of(opening: Opening, source: Source) -> str | None:
    marked = [line for line in opening.lines if "<!--" in source.lines[line]]
    found = (take_id(source.lines[line])[1] for line in sorted(marked))
    return next((key for key in found if key is not None), None)
