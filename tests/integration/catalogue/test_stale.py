"""Questions whose section was changed by an import wait for a look; a source over a year old is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.editing import bulk
from quizapp.catalogue.editing.still_right import changed_below, has_old_source, is_old, stale_ids, still_right
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.service import import_sent
from quizapp.catalogue.models import ContentDeed, DeedOf, Question, SectionChange
from quizapp.errors import Conflict

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTE = """\
# Ports

## Publishing
Docker publishes a port with the option -p on the host.

*   **Publish:** to make a port of a container reachable.
    *   *Card:* What makes a port reachable? → Publishing it.

## Bridges
A bridge switches frames between veth interfaces.

## Questions
1.  **Q: Which option of Docker publishes a port on the host?**
    *   *A:* The option -p.
2.  **Q: What does a bridge switch between veth interfaces?**
    *   *A:* Frames.
"""
CHANGED = NOTE.replace("with the option -p on the host", "with the option --publish on the host")


@pytest.fixture
def editor(db: Session) -> User:
    return accounts.add_user(db, name="Grace", role=Role.EDITOR, now=NOON)


def stored(db: Session, text: str, *, hours: int) -> None:
    import_sent(db, read_sent([SentNote(path="browser:ports", data=text.encode())]), now=NOON + timedelta(hours=hours))


def stale(db: Session) -> set[str]:
    return {prompt[:5] for prompt in db.scalars(select(Question.prompt).where(Question.id.in_(stale_ids())))}


def test_what_was_made_of_a_changed_section_waits_until_the_section_says_the_same_again(db: Session) -> None:
    stored(db, NOTE, hours=0)
    assert stale(db) == set()
    stored(db, CHANGED, hours=1)
    assert stale(db) == {"What ", "Which"}
    card = db.scalars(select(Question).where(Question.prompt.startswith("Which"))).one()
    found = changed_below(db, question=card)
    assert found is not None
    assert (found.section, "option -p on" in found.before, "--publish" in found.after) == ("Publishing", True, True)
    stored(db, CHANGED.replace("on the host.", "on all hosts."), hours=2)
    again = changed_below(db, question=card)
    assert again is not None
    assert again.before == found.before, "what it was made of, and not what stood there meanwhile"
    stored(db, NOTE, hours=3)
    assert stale(db) == set()
    assert db.scalars(select(SectionChange)).all() == []


def test_form_alone_changes_nothing_and_what_its_author_reworded_waits_for_no_look(db: Session) -> None:
    stored(db, NOTE, hours=0)
    stored(db, NOTE.replace("the option -p on", "the option **-p** on"), hours=1)
    assert stale(db) == set()
    stored(db, CHANGED.replace("*A:* The option -p.", "*A:* The option --publish, -p for short."), hours=2)
    assert stale(db) == {"What "}
    stored(db, CHANGED.replace("Publishing it.", "Publishing that port."), hours=3)
    assert stale(db) == set()


def test_an_editor_says_that_one_is_still_right_of_the_text_that_was_seen(db: Session, editor: User) -> None:
    stored(db, NOTE, hours=0)
    stored(db, CHANGED, hours=1)
    question = db.scalars(select(Question).where(Question.prompt.startswith("Which"))).one()
    with pytest.raises(Conflict, match="changed once more"):
        still_right(db, question=question, editor=editor, now=NOON, seen="of another text")
    saved = still_right(db, question=question, editor=editor, now=NOON)
    assert (saved.changed, saved.edit_id, stale(db)) == (["Looked at again"], None, {"What "})
    [deed] = db.scalars(select(ContentDeed).where(ContentDeed.what == DeedOf.STILL_RIGHT)).all()
    assert deed.key == question.key
    assert still_right(db, question=question, editor=editor, now=NOON).changed == []


def test_many_are_still_right_at_once_and_wait_again_when_that_is_undone(db: Session, editor: User) -> None:
    stored(db, NOTE, hours=0)
    stored(db, CHANGED, hours=1)
    for question in db.scalars(select(Question)):
        question.as_of = "2024-05"
    db.flush()
    keys = list(db.scalars(select(Question.key)))
    done = bulk.act(db, action=bulk.BulkAction.STILL_RIGHT, keys=keys, editor=editor, now=NOON)
    assert (done.changed, stale(db)) == (len(keys), set())
    assert set(db.scalars(select(Question.as_of))) == {"2026-11-23"}
    step = bulk.last_step(db, editor=editor, now=NOON)
    assert step is not None
    bulk.undo(db, step_id=step.id, editor=editor, now=NOON)
    assert (stale(db), set(db.scalars(select(Question.as_of)))) == ({"What ", "Which"}, {"2024-05"})


@pytest.mark.parametrize(
    ("as_of", "old"),
    [
        *(("2024", True), ("2025", False), ("2025-10", True), ("2025-11", False), ("2025-11-22", True)),
        *(("2025-11-23", False), ("2026-11", False), ("", False), (None, False), ("long ago", False)),
    ],
)
def test_a_source_is_old_a_year_after_the_last_day_that_it_may_mean(db: Session, as_of: str | None, old: bool) -> None:
    stored(db, NOTE, hours=0)
    question = db.scalars(select(Question)).first()
    assert question is not None
    question.as_of = as_of
    db.flush()
    today = date(2026, 11, 23)
    found = db.scalars(select(Question.id).where(has_old_source(today))).all()
    assert (question.id in found, is_old(question, today=today)) == (old, old)
