"""However a note is edited, no question takes over what was learnt of another, and equal text or an id keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question
from quizapp.db import Base, create_engine_for
from tests.examples import examples

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Facts of one form, so that only what is asked and answered tells them apart.
FACTS = [
    ("Which port does PostgreSQL use?", "5432"),
    ("Which port does MySQL use?", "3306"),
    ("Which port does Redis use?", "6379"),
    ("Which port does MariaDB use?", "3306"),
    ("What does `docker rm -v` remove?", "The container and its anonymous volumes."),
    ("What does `docker rm -f` remove?", "The container, even while it runs."),
    ("Does UDP resend lost packets?", "No."),
    ("Does TCP resend lost packets?", "Yes."),
]
EDITS = [
    lambda prompt, answer: (prompt.replace("Which", "Wich").replace("Does", "Doess"), answer),
    lambda prompt, answer: (prompt.replace("?", " by default?"), answer),
    lambda prompt, answer: (prompt, f"{answer.rstrip('.')}, always so."),
    lambda prompt, answer: (prompt.replace("lost", "missing").replace("use", "take"), answer),
]
OPS = ["edit", "move", "retitle", "swap", "delete", "restore", "replace", "name", "rename"]


@dataclass(frozen=True)
class Item:
    fact: int
    edits: tuple[int, ...] = ()
    key: str | None = None
    section: int = 0

    @property
    def words(self) -> tuple[str, str]:
        prompt, answer = FACTS[self.fact]
        for edit in self.edits:
            prompt, answer = EDITS[edit](prompt, answer)
        return prompt, answer

    @property
    def text(self) -> str:
        prompt, answer = self.words
        return f"1.  **Q: {prompt}**{f' <!-- id: {self.key} -->' if self.key else ''}\n    *   *A:* {answer}\n"


@dataclass(frozen=True)
class Folder:
    items: tuple[Item, ...]
    gone: tuple[Item, ...] = ()
    title: int = 0
    name: int = 0

    def after(self, op: str, place: int, other: int) -> "Folder":
        """The folder after one thing that an author does to it."""
        items = list(self.items)
        place %= len(items)
        one = items[place]
        match op:
            case "edit":
                items[place] = replace(one, edits=(*one.edits, other % len(EDITS)))
            case "move":
                items[place] = replace(one, section=1 - one.section)
            case "swap":
                items.append(items.pop(place))
            case "name":
                items[place] = replace(one, key=one.key or f"q-fact-{one.fact}")
            case "delete" if len(items) > 1:
                return replace(self, items=(*items[:place], *items[place + 1 :]), gone=(*self.gone, one))
            case "restore" if self.gone:
                return replace(self, items=(*items, self.gone[-1]), gone=self.gone[:-1])
            case "replace":
                free = [fact for fact in range(len(FACTS)) if fact not in {each.fact for each in (*items, *self.gone)}]
                if free:
                    items[place] = Item(fact=free[other % len(free)], section=one.section)
            case "retitle":
                return replace(self, title=self.title + 1)
            case "rename":
                return replace(self, name=self.name + 1)
        return replace(self, items=tuple(items))

    def write(self, folder: Path) -> None:
        for old in folder.iterdir():
            old.unlink()
        parts = ["".join(item.text for item in self.items if item.section == section) for section in (0, 1)]
        text = f"# Day 1: Title {self.title}\n\n## One\n\n{parts[0]}\n## Two\n\n{parts[1]}"
        (folder / f"n{self.name}.md").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = create_engine_for(f"sqlite:///{tmp_path_factory.mktemp('tables') / 'tables.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


STEP = st.tuples(st.sampled_from(OPS), st.integers(0, 7), st.integers(0, 7))


@examples(60)
@given(
    st.lists(st.integers(0, len(FACTS) - 1), min_size=1, max_size=4, unique=True),
    st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_no_schedule_goes_to_another_fact_and_none_is_lost_that_can_be_kept(
    tables: Engine, facts: list[int], imports: list[list[tuple[str, int, int]]]
) -> None:
    with TemporaryDirectory() as name, Session(tables) as db:
        state = Folder(items=tuple(Item(fact=fact) for fact in facts))
        fact_of: dict[int, int] = {}
        last: dict[int, tuple[int, Item]] = {}  # the row of each fact, and how it was written
        for steps in [[], *imports]:
            for step in steps:
                state = state.after(*step)
            state.write(Path(name))
            import_content(db, Path(name), now=NOON)
            db.expire_all()
            rows = db.scalars(select(Question).where(Question.retired_at.is_(None)))
            ids = {(row.prompt, row.answer): row.id for row in rows}
            assert len(ids) == len(state.items)
            for item in state.items:
                row = ids[item.words]
                assert fact_of.setdefault(row, item.fact) == item.fact, "another fact's schedule"
                before, written = last.get(item.fact, (row, item))
                if written.words == item.words or (written.key is not None and written.key == item.key):
                    assert row == before, "a schedule was lost"
                last[item.fact] = row, item
