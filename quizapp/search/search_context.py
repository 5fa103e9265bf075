"""Who searches and when, with what of the database a search needs beside the query."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import schedulers
from quizapp.review.scheduler import Scheduler
from quizapp.search.index import uses_fts5
from quizapp.search.patterns import Steps
from quizapp.study_day import StudyDay, start_of, study_day


@dataclass(frozen=True)
class Asking:
    """Who asks when, and what of the database the conditions need beside the query."""

    db: Session
    user: User
    now: datetime

    @cached_property
    def today(self) -> StudyDay:
        """The user's study day."""
        return study_day(self.now, self.user.zone, self.user.rollover_hour)

    @cached_property
    def scheduler(self) -> Scheduler:
        """The user's scheduler, whose weights say how fast they forget."""
        return schedulers.in_force(self.db.connection(), self.user)

    @cached_property
    def has_fts5(self) -> bool:
        """Whether SQLite's index is to be asked."""
        return uses_fts5(self.db.connection())

    @cached_property
    def is_postgresql(self) -> bool:
        """Whether PostgreSQL's index is to be asked."""
        return self.db.get_bind().dialect.name == "postgresql"

    @cached_property
    def steps(self) -> Steps:
        """What may still be looked through, letter by letter."""
        return Steps()

    def since(self, days: int) -> datetime:
        """When the first of the last `days` study days began, this one included."""
        return start_of(self.today - days + 1, self.user.zone, self.user.rollover_hour)
