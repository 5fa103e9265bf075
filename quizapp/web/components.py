"""/dev/components, for development: every macro that pages use, in every state. Knows no domain and no person."""

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField


class SampleForm(FlaskForm):
    """One field of each kind."""

    text = StringField("Title", description="As it stands in the note.")
    notes = TextAreaField("Answer")
    choice = SelectField("Kind", choices={"open": "open", "single": "single choice"})
    agree = BooleanField("Meaning changed: ask it anew")


def show() -> str:
    """The page; one field of its form has an error."""
    form = SampleForm(text="Docker networking")
    form.notes.errors = ["Write an answer, or leave the question as a draft."]
    return render_template("components.html", form=form)
