"""The parts that pages are made of, drawn alone: what they say to a screen reader and to the keyboard."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from wtforms import Form, StringField

from quizapp.quiz.marking import Verdict

TEMPLATES = Path(__file__).resolve().parents[3] / "quizapp" / "templates"


@pytest.fixture(scope="module")
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["first_wrong"] = lambda: True
    return environment


def macros(environment: Environment, name: str) -> Any:
    module: ModuleType = environment.get_template(f"macros/{name}.html").module  # type: ignore[assignment]
    return module


class NameForm(Form):
    name = StringField("Name", description="As others see it.")


def test_a_field_ties_its_hint_and_its_error_to_the_input(environment: Environment) -> None:
    form = NameForm()
    form.name.errors = ["Enter a name."]
    drawn = macros(environment, "controls").field(form.name)
    assert 'for="name"' in drawn
    assert 'aria-describedby="name-hint name-error"' in drawn
    assert 'aria-invalid="true" autofocus' in drawn
    assert '<p class="field-hint" id="name-hint">As others see it.</p>' in drawn
    assert "Enter a name." in drawn


def test_a_field_in_order_claims_no_error(environment: Environment) -> None:
    drawn = macros(environment, "controls").field(NameForm().name, hint="Your own.", attrs={"autocomplete": "username"})
    assert "aria-invalid" not in drawn
    assert "autofocus" not in drawn
    assert "name-error" not in drawn
    assert 'autocomplete="username"' in drawn
    assert "Your own." in drawn


@pytest.mark.parametrize(
    ("labels", "ends"), [(["guess"], ["guess"]), (["guess", "think so", "sure"], ["guess", "sure"])]
)
def test_a_chart_names_its_first_and_its_last_bar(environment: Environment, labels: list[str], ends: list[str]) -> None:
    bars = [{"label": label, "said": "1", "value": 1} for label in labels]
    drawn = macros(environment, "charts").bars_of({"bars": bars, "heights": [50] * len(bars), "title": "T", "lead": ""})
    assert re.findall(r"<span>([^<]*)</span>", drawn[drawn.index('class="chart-ends"') :]) == ends


def test_a_button_with_a_key_says_so_to_eye_and_ear(environment: Environment) -> None:
    drawn = macros(environment, "controls").button("Show the answer", key=" ")
    assert 'data-key=" "' in drawn
    assert 'aria-keyshortcuts="Space"' in drawn
    assert '<kbd aria-hidden="true">Space</kbd>' in drawn


def test_text_is_escaped_and_markup_is_not(environment: Environment) -> None:
    question = macros(environment, "question")
    assert "&lt;script&gt;" in question.choice(1, "<script>", "pick", 7)
    assert "<code>-P</code>" in question.choice(1, Markup("<code>-P</code>"), "pick", 7)


def test_only_nine_choices_have_a_key(environment: Environment) -> None:
    question = macros(environment, "question")
    assert 'data-key="9"' in question.choice(9, "ninth", "pick", 9)
    assert "data-key" not in question.choice(10, "tenth", "pick", 10)


@pytest.mark.parametrize(("state", "word"), [("right", "Right"), ("missed", "Right, not picked"), ("wrong", "Wrong")])
def test_a_marked_choice_has_a_word_and_a_shape(environment: Environment, state: str, word: str) -> None:
    drawn = macros(environment, "question").choice_result(2, "text", state, "why")
    assert f'<span class="choice-word">{word}</span>' in drawn
    assert "<svg" in drawn


@pytest.mark.parametrize("state", [*Verdict, "nearly"])
def test_every_verdict_has_a_shape(environment: Environment, state: str) -> None:
    drawn = macros(environment, "feedback").verdict(str(state), "Word", "A sentence.")
    assert f"verdict-{state}" in drawn
    assert "<path" in drawn
    assert 'role="status"' in drawn


@pytest.mark.parametrize("state", ["new", "learning", "known", "due"])
def test_what_is_known_has_a_word_and_a_shape(environment: Environment, state: str) -> None:
    drawn = macros(environment, "marks").knowledge(state)
    assert f"</svg>{state}" in drawn
    assert "<circle" in drawn


def test_bars_tell_their_numbers(environment: Environment) -> None:
    drawn = macros(environment, "marks").bars([1, 0, 4], "next 3 days", ["Mon", "Tue", "Wed"])
    assert 'aria-label="next 3 days: Mon 1, Tue 0, Wed 4"' in drawn
    assert 'height="31.0"' in drawn


def test_bars_of_nothing_are_drawn_without_a_division(environment: Environment) -> None:
    assert macros(environment, "marks").bars([0, 0], "next 2 days").count('class="none"') == 2


@pytest.mark.parametrize(("at", "of", "percent"), [(0, 0, 0.0), (3, 10, 30.0), (10, 10, 100.0)])
def test_progress_is_a_share(environment: Environment, at: int, of: int, percent: float) -> None:
    assert f'x2="{percent}%"' in macros(environment, "question").progress(at, of, "Docker")


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (372, "6:12"), (3600, "60:00")])
def test_a_timer_stands_still_without_a_script(environment: Environment, seconds: int, shown: str) -> None:
    assert f">{shown}</span>" in macros(environment, "question").timer(seconds)


def test_a_prediction_that_failed_says_so_in_words(environment: Environment) -> None:
    row = {"subject": "web2 answers on", "predicted": "80", "happened": "32768", "agrees": False}
    drawn = macros(environment, "lab").prediction_table([row])
    assert "otherwise" in drawn
    assert "32768" in drawn
    assert "not yet" in macros(environment, "lab").prediction_table([row | {"agrees": None}])


def test_one_page_needs_no_paging(environment: Environment) -> None:
    lists = macros(environment, "lists")
    assert lists.paging(1, 1, str).strip() == ""
    assert "Page 1 of 2" in lists.paging(1, 2, str)
    assert "Previous" not in lists.paging(1, 2, str)
