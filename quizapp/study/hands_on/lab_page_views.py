"""What the page of a lab shows, before a run and in one, and where a finished run leads on. Asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask import url_for

from quizapp.classes.onlooking import OnlookingState
from quizapp.errors import WayOn
from quizapp.labs.hosts.command_box import Ran
from quizapp.labs.runs.queries import LabTexts, NextLab, RunView
from quizapp.labs.runs.ticket import OtherRun
from quizapp.labs.trials.twins import COMMAND_CHARS
from quizapp.shown_progress import up_to_most
from quizapp.study.hands_on.host_page import HostPage
from quizapp.study.hands_on.trial_page import TrialPage
from quizapp.verdicts import Verdict
from quizapp.web.mounting import home


@dataclass(frozen=True, kw_only=True)
class LabPage:
    """A lab before a run, or one run of it."""

    lab: LabTexts
    run: RunView | None = None
    """None before a run."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The form of a prediction that was refused, by field name; else empty."""
    error: str | None = None
    """Why that prediction was refused, in a sentence; else None."""
    host: HostPage | None = None
    """None before a run."""
    commands: Sequence[Ran] = ()
    """The last commands of the command box, the newest first."""
    trial: TrialPage | None = None
    """The run's command that waits for its grade; None if there is none."""
    open_run: UUID | None = None
    """Another run of the lab, which is open; None if there is none."""
    off: str | None = None
    """Why no host for the lab can be started, in a sentence; None if one can, or none is needed."""
    other: OtherRun | None = None
    """The other open run that uses the learner's sandbox; None if there is none."""
    comes_back: str | None = None
    """When the lab's question is due, such as "in 4 days"; None if nothing says when."""
    reviews_left: int = 0
    """The cards that can be answered now, after a finished run."""
    next_lab: NextLab | None = None
    """The lab to go on with after a pass; None if all are passed, or this one is not."""
    onlooking: OnlookingState | None = None
    """Who may look on at the run's terminals, and who does; None before a run."""
    back: WayOn | None = None
    """The way back to the review or quiz that led here; None if none did."""

    @property
    def is_from_recording(self) -> bool:
        """Whether the run is answered from the lab's recording, or was: then no host belongs to it."""
        if self.run is None or self.lab.recorded is None:
            return False
        return self.off is not None if self.run.is_open else self.run.is_recorded

    @property
    def ways_on(self) -> Sequence[WayOn]:
        """Where a finished run leads on, at least to one place. The first one is the one to take."""
        passed = self.run is not None and self.run.verdict is Verdict.PASS
        forward = [way for way in (self.back, self._to_next_lab, self._to_reviews) if way]
        if passed and not forward and not self.lab.is_draft:
            forward = [WayOn(url=home(), name="Go to Today")]
        return [*forward, *self._once_more] or [WayOn(url=home(), name="Go to Today")]

    @property
    def _to_next_lab(self) -> WayOn | None:
        if self.next_lab is None:
            return None
        named = "Next lab for this concept" if self.next_lab.is_about_the_same else "Next lab"
        url = url_for("hands_on.show", slug=self.next_lab.address)
        return WayOn(url=url, name=f"{named}: {self.next_lab.title}, {self.next_lab.minutes} min")

    @property
    def _to_reviews(self) -> WayOn | None:
        if not self.reviews_left or self.back is not None or self.lab.is_draft:
            return None
        return WayOn(url=url_for("review.show"), name=f"Go on with your reviews, {up_to_most(self.reviews_left)} due")

    @property
    def _once_more(self) -> Sequence[WayOn]:
        """The lab itself: its open run, else a new one if it is still offered."""
        if self.open_run is not None:
            return (WayOn(url=url_for("hands_on.show_run", run_id=self.open_run), name="Go on with your open run"),)
        if not self.lab.is_offered:
            return ()
        url = self.begin_url if self.lab.is_draft else url_for("hands_on.show", slug=self.lab.address)
        return (WayOn(url=url, name="Do it again"),)

    @property
    def begin_url(self) -> str:
        """Where the predictions are sent, which begins a run."""
        if self.lab.is_draft:
            return url_for("hands_on.begin_draft", slug=self.lab.slug)
        return url_for("hands_on.predict", slug=self.lab.address)

    @property
    def command_chars(self) -> int:
        """The most characters that a command may have."""
        return COMMAND_CHARS
