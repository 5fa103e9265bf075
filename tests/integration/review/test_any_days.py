"""Any days of a learner, by chance: what they do, what comes twice or too late, imports, clocks, zones and crashes.

Beside the product stands a model of a few lines: the ratings that were acknowledged, and how all cards were before each
thing that can be undone. After each step the log has just these ratings, all that is kept beside the log equals what is
computed from it, and an undo gives the cards back as they were before the last deed, whatever it was.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import prepared_statements
from quizapp.accounts import service as accounts
from quizapp.accounts.models import LeechAction, Role, User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question
from quizapp.review import deeds, service, undoing
from quizapp.review.deed_order import last_deed
from quizapp.review.log import study_day_figures
from quizapp.review.log.rebuilding import STATE, rebuild_cards
from quizapp.review.memory import Rating
from quizapp.review.models import FIGURES, Card, DayLoad, DayTally, DeedKind, Outcome, ReviewLog, ReviewSource
from quizapp.study_day import study_day
from tests.builders import rate_card

BEGIN = datetime(2026, 10, 23, 16, tzinfo=UTC)  # two days before the clocks of Berlin go back
PLACES = [("Europe/Berlin", 4), ("Pacific/Honolulu", 4), ("Pacific/Kiritimati", 4), ("Europe/Berlin", 0), ("UTC", 6)]
WAITS = [timedelta(seconds=20), timedelta(minutes=11), timedelta(hours=9), timedelta(days=1), timedelta(days=12)]
STEPS_BACK = [timedelta(seconds=20), timedelta(minutes=61), timedelta(days=2)]
QUESTIONS = 5
CARDS = st.integers(0, QUESTIONS - 1)
NUMBERS = count()
RATINGS = st.sampled_from(Rating)
STATEMENTS_MAX = 14  # more than any deed of one card runs
MARKS = ("suspended", "flag", "leech", "buried_until_day")
# Some seconds on each database; thorough where it is asked for.
DAYS = settings(
    max_examples=int(os.environ.get("QUIZAPP_ANY_DAYS", "6")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

CardStates = dict[UUID, dict[str, Any]]


class Crash(Exception):
    """The process ends here."""


class AnyDays(RuleBasedStateMachine):
    """One learner's days. `open` and `folder` are set by the test. Each example has its own learner."""

    open: ClassVar[sessionmaker[Session]]
    folder: ClassVar[Path]

    @initialize()
    def begin(self) -> None:
        """A learner with a card of each question, two of a concept each, who loses patience with the second lapse."""
        self.now, self.retired, self.wording, self.key = BEGIN, set[int](), 0, f"any-{next(NUMBERS)}"
        self.log = dict[UUID, tuple[UUID, Rating, Outcome]]()
        self.before = list[tuple[str, CardStates]]()
        self.user_id, self.last_today = UUID(int=0), 0
        with self.open() as db:
            self._write_notes(db)
            user = accounts.add_user(db, name=f"Ada {uuid4()}", role=Role.EDITOR, now=self.now)
            accounts.set_calendar(user, zone=PLACES[0][0], rollover_hour=PLACES[0][1])
            user.leech_threshold, user.leech_action = 2, LeechAction.SUSPEND
            questions = list(
                db.scalars(select(Question).where(Question.key.like(f"{self.key}-%")).order_by(Question.key))
            )
            service.add_cards(db, user=user, question_ids=[one.id for one in questions], now=self.now)
            db.flush()
            own = dict(db.execute(select(Card.question_id, Card.id).where(Card.user_id == user.id)).all())
            self.questions = [one.id for one in questions]
            self.cards: Sequence[UUID] = [own[id] for id in self.questions]
            self.user_id = user.id
            db.commit()

    # What the learner does.

    @rule(card=CARDS, rating=RATINGS)
    def answers(self, card: int, rating: Rating) -> None:
        """Rate a card as it is."""
        self._rates(card, rating, self._version(card))

    @rule(card=CARDS, rating=RATINGS)
    def answers_too_late(self, card: int, rating: Rating) -> None:
        """Rate a card on a page that was opened before it was last changed."""
        before, version = self._states(), self._version(card)
        if version:
            self._rates(card, rating, version - 1, outcome=Outcome.STALE)
            assert self._states() == before

    @precondition(lambda self: self.log)
    @rule(number=st.integers(0, 99))
    def sends_again(self, number: int) -> None:
        """Send a rating once more that was acknowledged, whatever has happened since."""
        id = list(self.log)[number % len(self.log)]
        card, rating, outcome = self.log[id]
        before = self._states()
        with self._at_work() as (db, user):
            rated = rate_card(
                db, user=user, card_id=card, review_id=id, rating=rating, source=ReviewSource.REVIEW, now=self.now,
                seen_version=0, taken_ms=None,
            )  # fmt: skip
        assert (rated.rating, rated.outcome) == (rating, outcome)
        assert self._states() == before

    @rule(card=CARDS, what=st.sampled_from(["bury", "unbury", "suspend", "unsuspend", "release", "reset"]))
    def puts_away(self, card: int, what: str) -> None:
        """Do something with a card that takes no number."""
        self._does(lambda db, user, ids: getattr(deeds, what)(db, user=user, card_ids=ids, now=self.now), card)

    @rule(card=CARDS, flag=st.integers(0, 2))
    def flags(self, card: int, flag: int) -> None:
        """Flag a card."""
        self._does(lambda db, user, ids: deeds.flag(db, user=user, card_ids=ids, flag=flag, now=self.now), card)

    @rule(cards=st.sets(CARDS, min_size=1), ahead=st.integers(0, 9))
    def reschedules(self, cards: set[int], ahead: int) -> None:
        """Set several cards due by hand."""
        self._does(
            lambda db, user, ids: deeds.reschedule(db, user=user, card_ids=ids, days=ahead, now=self.now), *cards
        )

    @rule(card=CARDS)
    def edits(self, card: int) -> None:
        """Change a question's answer on the way from a review and back."""
        self.wording += 1
        before = self._states()
        with self._at_work() as (db, user):
            question = db.get_one(Question, self.questions[card])
            wording = authoring.wording_of(question)
            changed = authoring.Wording(**{**vars(wording), "answer": f"Edited {self.key} {self.wording}."})
            saved = authoring.save(db, question=question, wording=changed, rev=question.rev, editor=user, now=self.now)
            assert saved.edit_id is not None
            deeds.change_texts(db, user=user, kind=DeedKind.EDIT, edits={saved.edit_id: question.id}, now=self.now)
        self.before.append(("edit", before))
        assert self._states() == before

    @rule()
    def undoes(self) -> None:
        """Take back what was done last."""
        with self._at_work() as (db, user):
            undone = undoing.undo(db, user=user, now=self.now)
        if not self.before:
            assert undone is None
            return
        what, states = self.before.pop()
        assert undone is not None
        assert what in (str(undone.review_id), undone.kind), f"{what} was done last"
        if undone.review_id is not None:
            card, rating, _ = self.log[undone.review_id]
            self.log[undone.review_id] = card, rating, Outcome.UNDONE
        assert _unlike(self._shown(self._states()), self._shown(states)) == []

    # What happens round them.

    @rule(wait=st.sampled_from(WAITS))
    def waits(self, wait: timedelta) -> None:
        """Time goes by."""
        self.now += wait

    @rule(back=st.sampled_from(STEPS_BACK))
    def clock_is_put_back(self, back: timedelta) -> None:
        """The server's clock is set right, by however much: the order of deeds stays what it was."""
        self.now -= back

    @rule(place=st.sampled_from(PLACES))
    def flies(self, place: tuple[str, int]) -> None:
        """Another zone, or another hour at which the day begins."""
        with self._at_work() as (_, user):
            accounts.set_calendar(user, zone=place[0], rollover_hour=place[1])

    @rule(gone=CARDS)
    def imports(self, gone: int) -> None:
        """An import brings other words, takes a question out, and puts back the one that was taken out before."""
        before = self._states()
        self.retired, self.wording = {gone}, self.wording + 1
        with self._at_work() as (db, _):
            self._write_notes(db)
        assert self._states() == before

    @rule(card=CARDS, rating=RATINGS, after=st.integers(0, STATEMENTS_MAX), is_deed=st.booleans())
    def crashes(self, card: int, rating: Rating, after: int, is_deed: bool) -> None:
        """The process ends before the so-many-th statement of what the learner does, or before it is committed."""
        before = self._states()
        log, stack = dict(self.log), list(self.before)
        other = "unsuspend" if before[self.cards[card]]["suspended"] else "suspend"
        with self._crashing(after), pytest.raises(Crash):
            self.puts_away(card, other) if is_deed else self.answers(card, rating)
        assert (self._states(), self.log, self.before) == (before, log, stack)

    # What always holds.

    @invariant()
    def nothing_is_lost_and_nothing_made_up(self) -> None:
        """The log has what was acknowledged, each once, and of each card in the order in which it was made."""
        with self.open() as db:
            mine = select(ReviewLog).where(ReviewLog.user_id == self.user_id)
            rows = db.scalars(mine.order_by(ReviewLog.card_id, ReviewLog.sequence)).all()
        assert {row.id: (row.card_id, row.rating, row.outcome) for row in rows} == getattr(self, "log", {})
        for earlier, later in pairwise(rows):
            if earlier.card_id == later.card_id:
                assert later.sequence == earlier.sequence + 1
                if Outcome.APPLIED is earlier.outcome is later.outcome:
                    assert (earlier.reviewed_at, earlier.day) <= (later.reviewed_at, later.day)

    @invariant()
    def all_else_equals_what_the_log_says(self) -> None:
        """Cards, days and loads are what they are when they are computed anew."""
        with self.open() as db:
            user = db.get(User, getattr(self, "user_id", None))
            if user is None:
                return
            assert rebuild_cards(db, user=user, card_ids=self.cards).changed == 0
            kept = self._kept(db)
            study_day_figures.recount(db, user_id=self.user_id)
            assert kept == self._kept(db)

    def teardown(self) -> None:
        """All that was done can be taken back, the last first, and then nothing is left to take back."""
        while getattr(self, "before", None):
            self.undoes()
        if hasattr(self, "before"):
            self.undoes()

    # How it is done.

    def _rates(self, card: int, rating: Rating, version: int, *, outcome: Outcome = Outcome.APPLIED) -> None:
        before, id = self._states(), uuid4()
        with self._at_work() as (db, user):
            rated = rate_card(
                db, user=user, card_id=self.cards[card], review_id=id, rating=rating, source=ReviewSource.REVIEW,
                now=self.now, seen_version=version, taken_ms=3_000,
            )  # fmt: skip
        assert rated.outcome is outcome
        self.log[id] = self.cards[card], rating, outcome
        if outcome is Outcome.APPLIED:
            self.before.append((str(id), before))

    def _does(self, do: Callable[[Session, User, Sequence[UUID]], int], *cards: int) -> None:
        before = self._states()
        with self._at_work() as (db, user):
            changed = do(db, user, [self.cards[card] for card in cards])
            last = last_deed(db, user=user)
            what = None if last is None else last.kind
        if changed:
            assert what is not None
            self.before.append((what, before))

    @contextmanager
    def _at_work(self) -> Iterator[tuple[Session, User]]:
        """A transaction of the learner's, a moment after the last one."""
        self.now += timedelta(milliseconds=1)
        with self.open() as db:
            user = db.get_one(User, self.user_id)
            self.last_today = max(self.last_today, study_day(self.now, user.zone, user.rollover_hour))
            yield db, user
            if self.crashes_before_commit:
                raise Crash
            db.commit()

    crashes_before_commit = False

    @contextmanager
    def _crashing(self, after: int) -> Iterator[None]:
        left = [after + 1]  # the first reads who the learner is

        def counted(*_: Any, **__: Any) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Crash

        def executed(*given: Any, **named: Any) -> Any:
            counted()
            return run(*given, **named)

        run, engine = prepared_statements.executed, self.open.kw["bind"]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(self, "crashes_before_commit", True)
            patched.setattr(prepared_statements, "executed", executed)
            patched.setattr(self, "_states", dict)
            event.listen(engine, "before_cursor_execute", counted)
            try:
                yield
            finally:
                event.remove(engine, "before_cursor_execute", counted)

    def _version(self, card: int) -> int:
        with self.open() as db:
            return db.get_one(Card, self.cards[card]).version

    def _states(self) -> CardStates:
        """All that a learner sees of each card."""
        with self.open() as db:
            cards = db.scalars(select(Card).where(Card.user_id == self.user_id))
            return {card.id: {name: getattr(card, name) for name in (*STATE, *MARKS)} for card in cards}

    def _shown(self, states: CardStates) -> CardStates:
        """The states without burials that are over, or were in another zone."""
        return {
            id: {
                **card,
                "buried_until_day": until if (until := card["buried_until_day"] or 0) > self.last_today else None,
            }
            for id, card in states.items()
        }

    def _kept(self, db: Session) -> Sequence[Any]:
        tallies = db.scalars(select(DayTally).where(DayTally.user_id == self.user_id).order_by(DayTally.day))
        to_come = DayLoad.day > self.last_today, DayLoad.cards != 0  # of days that were today it says nothing
        loads = db.scalars(select(DayLoad).where(DayLoad.user_id == self.user_id, *to_come))
        sums = [(row.day, [getattr(row, name) for name in FIGURES]) for row in tallies]
        # A question that is retired, or comes back, moves no load before the next recount.
        of_days = () if self.retired else sorted((row.day, row.cards) for row in loads)
        found = [sum for sum in sums if any(sum[1])], of_days
        db.expunge_all()
        return found

    def _write_notes(self, db: Session) -> None:
        items = [
            f"    * *Card:* What is {number}? → {self.wording} of {self.key}. <!-- id: {self.key}-{number} -->\n"
            for number in range(QUESTIONS)
            if number not in self.retired
        ]
        concepts = [f"* **{name}:** Words. <!-- id: {self.key}-{name.lower()} -->\n" for name in ("Ports", "Names")]
        text = "".join(["# Any\n\n## Ports\n\n", concepts[0], *items[:2], concepts[1], *items[2:]])
        (self.folder / "notes").mkdir(parents=True, exist_ok=True)
        (self.folder / "notes" / "any.md").write_text(text)
        import_content(db, self.folder, now=self.now)


def _unlike(now: CardStates, then: CardStates) -> list[tuple[str, object, object]]:
    """What cards have that they had not, beside what they had."""
    return [
        (name, now[id][name], value)
        for id, card in then.items()
        for name, value in card.items()
        if now[id][name] != value
    ]


def test_any_days(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    machine = type("OnThisDatabase", (AnyDays,), {"open": sessions, "folder": tmp_path})
    run_state_machine_as_test(machine, settings=DAYS)
