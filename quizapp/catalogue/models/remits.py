"""The tables of what a limited editor may change."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Base


class EditorNote(Base):
    """A note that a limited editor may change, with all of its questions; see `catalogue.remits`."""

    __tablename__ = "editor_note"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The id of the editor; no foreign key, since this room knows no accounts."""
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, index=True)


class EditorTag(Base):
    """A tag whose questions a limited editor may change; see `catalogue.remits`."""

    __tablename__ = "editor_tag"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """As in EditorNote."""
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)
