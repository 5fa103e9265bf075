"""What a proof says of the commands that a lab's texts show."""

from random import Random

import pytest

from ops.running_product import ROOT
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.labs.lab_format import LabAnswer
from quizapp.catalogue.labs.lab_parts import Compare
from quizapp.labs.judging import answers
from quizapp.labs.proof import proof, texts
from quizapp.labs.proof.attempt import with_values
from tests.unit.catalogue.labs.test_shown_commands import lab

TEXTS = {"hints": ["`docker logs db`"], "reveal": "`docker logs app` and `docker port web`"}


def troubles(*, failed_before: list[int], failed_after: list[int], **marks: object) -> list[str]:
    return list(texts.troubles(lab(**TEXTS, **marks), failed_before=failed_before, failed_after=failed_after))


def test_a_hint_works_before_or_after_and_the_last_text_afterwards() -> None:
    assert texts.after(lab(**TEXTS)) == ("docker logs app", "docker port web", "docker logs db")
    assert troubles(failed_before=[], failed_after=[2]) == []
    assert troubles(failed_before=[0], failed_after=[]) == []
    assert troubles(failed_before=[0], failed_after=[2]) == ["A text shows a command that fails: docker logs db"]
    assert troubles(failed_before=[], failed_after=[1]) == ["A text shows a command that fails: docker port web"]


def test_what_is_marked_to_fail_must_fail() -> None:
    marks = {"shown": {"fail": ["docker port web"]}}
    assert troubles(failed_before=[], failed_after=[1], **marks) == []
    says = "A command is marked as one that fails, and works: docker port web"
    assert troubles(failed_before=[], failed_after=[], **marks) == [says]


@pytest.mark.parametrize("compare", Compare)
def test_a_guess_of_every_kind_can_be_read(compare: Compare) -> None:
    among = ("a", "b") if compare is Compare.LETTERS else ()
    options = ("lo", "eth0") if compare is Compare.ORDER else ()
    asked = LabAnswer(
        name="it", label="It", run="say-it", compare=compare, hint="Not {typed}.", among=among, options=options
    )
    assert answers.read(texts.guess(asked), compare=compare, among=among or options)


def test_a_guess_is_made_of_the_values_that_are_drawn() -> None:
    path = ROOT / "content" / "labs" / "which-name-server-does-it-ask" / "lab.yaml"
    drawn, _ = with_values(read_lab(path.read_text(), folder=path.parent.name), rng=Random(1))
    assert drawn.answer is not None
    typed = proof.guessed(drawn).typed
    assert answers.read(typed, compare=drawn.answer.compare, among=drawn.answer.options) == typed
