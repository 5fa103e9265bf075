"""The forms of the owner's page."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from quizapp.accounts.models import NAME_MAX_CHARS, Role
from quizapp.admin.owner.people import ROLE_WORDS
from quizapp.catalogue.articles.queries import NoteChoice
from quizapp.catalogue.question_wording import tidy_tags
from quizapp.catalogue.remits import Remit
from quizapp.errors import Invalid
from quizapp.web.choices import SelectChoice, Ticks

TAGS_CHARS_MAX = 2_000
_ROLES = [SelectChoice(role.value, ROLE_WORDS[role]) for role in Role]


class InviteForm(FlaskForm):
    """Who is let in."""

    name = StringField("Name", [Length(max=NAME_MAX_CHARS)])
    role = SelectField("Role", choices=_ROLES)


class RoleForm(FlaskForm):
    """What somebody may do."""

    role = SelectField("Role", choices=_ROLES)
    limited = BooleanField("As an editor only of these notes and tags")
    notes = Ticks("Notes", validate_choice=False)
    tags = StringField("Tags", [Length(max=TAGS_CHARS_MAX)], description="With commas between them.")
    sure = BooleanField("I am sure: take my own role of an owner away")

    def offer(self, notes: Iterable[NoteChoice]) -> None:
        """Let these notes be chosen."""
        self.notes.choices = [SelectChoice(note.key, note.title) for note in notes]

    def remit(self) -> Remit | None:
        """What an editor is limited to; None for all.

        Raises Invalid where notes or tags are chosen without the tick, which would let somebody change everything whom
        the choice was to limit, and where the tick stands over no choice.
        """
        if self.role.data != Role.EDITOR:
            return None
        chosen = Remit(notes=self.notes.data or [], tags=tidy_tags(iter((self.tags.data or "").split(","))))
        is_chosen = bool(chosen.notes or chosen.tags)
        if self.limited.data and not is_chosen:
            raise Invalid("Choose a note or name a tag, or take the tick away: an editor of nothing is no editor.")
        if is_chosen and not self.limited.data:
            raise Invalid(
                "Notes or tags are chosen, but “As an editor only of these” is not ticked. Tick it; or, for an editor "
                "of everything, take the choice away."
            )
        return chosen if self.limited.data else None
