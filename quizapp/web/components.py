"""The page of all the parts that pages are made of, in every state; for development. Knows no domain and no reader."""

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
    """Draw the page, with a field that has an error among the others."""
    form = SampleForm(text="Docker networking")
    form.notes.errors = ["Write an answer, or leave the question as a draft."]
    return render_template("components.html", form=form)
