"""Reads a stored question with the names that its note's pictures have by now. Reads and writes no row.

A copy is called by its bytes. Copies once had all of their file's, so a question that shows such a picture has the name
of that copy in its texts, and would be another question than the one of the same file today.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from quizapp.catalogue.html.inline_html import PICTURE_NAME
from quizapp.catalogue.store.question_store import Content, Merge, Merged, as_json, content_from
from quizapp.catalogue.store.stored_rows import StoredQuestion

Names = Mapping[str, str]
"""What a copy is called, by what it was called with all bytes of its file."""


def with_new_names(row: StoredQuestion, names: Names) -> StoredQuestion:
    """A row as if it had been stored with the new names; the row itself if it shows none of these pictures."""
    if not names:
        return row
    content = _content(as_json(row.content), names)
    base = _content(row.base, names) if row.base is not None else None
    if content == row.content and (row.base is None or base == content_from(row.base)):
        return row
    file = base if base is not None else content if not row.edited else None  # what the file said, if that is known
    return row._replace(
        content=content,
        base=as_json(base) if base is not None else None,
        fingerprint=file.fingerprint if file is not None else row.fingerprint,
    )


def written_anew(merged: Merged, present: Content) -> Merged:
    """What a merge decided with `present`, a content with new names: it is stored even if nothing else is new."""
    if merged.outcome is not Merge.SAME:
        return merged
    return replace(merged, outcome=Merge.CHANGED, content=merged.content or present)


def _content(data: Mapping[str, object], names: Names) -> Content:
    text = PICTURE_NAME.sub(lambda found: names.get(found[0], found[0]), json.dumps(data))
    return content_from(json.loads(text))
