"""The forms of the owner's page."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from quizapp.accounts.models import NAME_MAX_CHARS, Role
from quizapp.admin.people import ROLE_WORDS
from quizapp.admin.places import NoteChoice
from quizapp.catalogue.question_wording import tidy_tags
from quizapp.catalogue.remits import Remit
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
        """What an editor is limited to; None for all."""
        if self.role.data != Role.EDITOR or not self.limited.data:
            return None
        return Remit(notes=self.notes.data or [], tags=tidy_tags(iter((self.tags.data or "").split(","))))
