"""The content that comes with the product: what it marks as the same thing, and what its snippets look for."""

import re
from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.asking_ways import Form
from quizapp.catalogue.importing.service import import_paths
from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import ways_of
from quizapp.catalogue.snippets import snippets
from tests.builders import NOW
from tests.workers import ROOT

# As in `grep db /etc/hosts`: the container's own name stands there too, twelve letters of those that numbers have.
LETTERS_OF_A_NAME = re.compile(r"grep (?:-(?!\w*w)\w+ )*['\"]?[0-9a-f]{1,4}['\"]? /etc/hosts")
CARD_AND_CHOICE = (Form.CARD, Form.CHOICE)


def test_what_a_card_a_choice_and_a_lab_ask_alike_is_one_thing(db: Session, learner: User) -> None:
    content = ROOT / "content"
    marked = [path for path in (content / "notes").glob("*.md") if "*Same as:*" in path.read_text(encoding="utf-8")]
    reports = import_paths(db, [*marked, content / "labs"], root=content, now=NOW)
    assert [each.message for report in reports for each in report.warnings if "ame as" in each.message] == []
    named = db.scalars(select(Question.id).where(Question.same_as.is_not(None))).all()
    ways = ways_of(db, user_id=learner.id, question_ids=named)
    things = {
        frozenset(way.question_id for way in some): tuple(sorted(way.form for way in some)) for some in ways.values()
    }
    assert Counter(things.values()) == {
        CARD_AND_CHOICE: 8,
        (*CARD_AND_CHOICE, Form.HANDS_ON): 2,
        (Form.CARD, Form.COMMAND): 1,
    }


def test_no_snippet_looks_for_letters_that_the_drawn_name_of_its_container_may_hold() -> None:
    assert LETTERS_OF_A_NAME.search("grep db /etc/hosts")
    assert not LETTERS_OF_A_NAME.search("grep -w db /etc/hosts")
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "content" / "notes").glob("*.md")]
    commands = [step.command for text in texts for snippet in snippets(text) for step in snippet.steps]
    assert len(commands) > 100
    assert [command for command in commands if LETTERS_OF_A_NAME.search(command)] == []
