"""What an editor does to a concept or a tag is in the note's text, keeps what hangs on it, and is taken back."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.articles.note_article import note_article
from quizapp.catalogue.editing import concept_authoring as concepts
from quizapp.catalogue.editing import tag_authoring as tags
from quizapp.catalogue.editing.concept_rows import both_words, words_of
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.editing.note_changes import last_step_of, settle_text
from quizapp.catalogue.editing.note_text import note_text
from quizapp.catalogue.formats.markdown import parser
from quizapp.catalogue.importing.service import import_paths
from quizapp.catalogue.labs.lab_sources import offered_text
from quizapp.catalogue.models import Concept, ContentDeed, Lab, Note, NoteHere, Question, Section, Tag
from quizapp.catalogue.patches.concept_text import ConceptWords
from quizapp.catalogue.patches.tag_text import Unwritable, with_tag
from quizapp.errors import Conflict, Invalid, NotFound
from tests.builders import EDITOR, NOW, a_note, a_question
from tests.integration.catalogue.test_import_labs import LAB

PORTS = """---
tags: [ports, docker]
---
# Ports

## Publishing
* **DNAT:** The kernel rewrites the address.
    * *Card:* What does DNAT rewrite? → The address.
* **Proxy**: Docker's own program.

## Reading

Nothing yet.

## Questions
1. **Q: Which flag publishes a port?**
    * *A:* `-p`.
"""
NAMES = "# Names\r\n\r\n## Servers\r\n- **Resolver:** It stands at `127.0.0.11`.\r\n"


@pytest.fixture
def folder(db: Session, tmp_path: Path) -> Path:
    (tmp_path / "ports.md").write_text(PORTS)
    (tmp_path / "names.md").write_bytes(NAMES.encode())
    brought(db, tmp_path)
    return tmp_path


def brought(db: Session, folder: Path) -> None:
    """Import the folder as a start does."""
    assert all(one.error is None for one in import_paths(db, [folder], root=folder, now=NOW, program="one"))


def called(db: Session, term: str) -> Concept:
    return db.scalars(select(Concept).where(Concept.term == term, Concept.retired_at.is_(None))).one()


def text_of(db: Session, title: str) -> str:
    key = db.scalars(select(Note.key).where(Note.title == title)).one()
    return note_text(db, user=EDITOR, key=key).text


def where(db: Session, title: str, section: str) -> dict[str, str]:
    found = select(Note.key, Section.anchor).join(Section).where(Note.title == title, Section.title == section)
    note, anchor = db.execute(found).one()
    return {"note": note, "section": anchor}


def taken_back(db: Session, of: str) -> None:
    step = last_step_of(db, of=of, deeds=concepts.STEPS, editor=EDITOR)
    assert step is not None
    assert concepts.undo_concept(db, step_id=step.id, editor=EDITOR, now=NOW).stays == 0


def test_new_words_are_in_its_lines_alone_and_its_cards_stay(db: Session, folder: Path) -> None:
    concept, card = called(db, "DNAT"), db.scalars(select(Question).where(Question.answer == "The address.")).one()
    row_id, key = concept.id, concept.key
    words = ConceptWords(term="Destination NAT", text="The kernel rewrites where a packet goes.")
    assert concepts.save_concept(db, key=key, words=words, opened=words_of(concept), editor=EDITOR, now=NOW)
    after = PORTS.replace("DNAT:** The kernel rewrites the address.", "Destination NAT:** " + words.text)
    assert text_of(db, "Ports") == after
    assert called(db, "Destination NAT").id == row_id
    assert (card.concept_id, card.retired_at) == (row_id, None)
    brought(db, folder)
    assert text_of(db, "Ports") == after, "an import of the file, which does not have it yet, leaves it"
    taken_back(db, key)
    assert text_of(db, "Ports") == PORTS
    assert called(db, "DNAT").id == row_id


def test_two_editors_of_one_concept_lose_nothing(db: Session, folder: Path) -> None:
    opened = words_of(called(db, "DNAT"))
    key = called(db, "DNAT").key
    first = ConceptWords(term="Destination NAT", text=opened.text)
    concepts.save_concept(db, key=key, words=first, opened=opened, editor=EDITOR, now=NOW)
    second = ConceptWords(term=opened.term, text="It rewrites.")
    concepts.save_concept(db, key=key, words=second, opened=opened, editor=EDITOR, now=NOW)
    assert words_of(called(db, "Destination NAT")) == ConceptWords(term="Destination NAT", text="It rewrites.")
    third = ConceptWords(term="Another", text=opened.text)
    with pytest.raises(concepts.ConceptChanged):
        concepts.save_concept(db, key=key, words=third, opened=opened, editor=EDITOR, now=NOW)


def test_a_new_one_is_written_as_the_others_and_a_copy_has_another_name(db: Session, folder: Path) -> None:
    words = ConceptWords(term="Hairpin", text="Back to where it came from.\n\n- on one bridge")
    key = concepts.make_concept(db, **where(db, "Ports", "Publishing"), words=words, editor=EDITOR, now=NOW)
    assert "* **Hairpin**: Back to where it came from.\n\n  - on one bridge\n" in text_of(db, "Ports")
    assert words_of(called(db, "Hairpin")) == words
    copy = concepts.duplicate_concept(db, key=key, editor=EDITOR, now=NOW)
    assert called(db, "Hairpin (copy)").key == copy
    with pytest.raises(Invalid, match="has a concept called"):
        concepts.make_concept(db, **where(db, "Ports", "Reading"), words=words, editor=EDITOR, now=NOW)
    concepts.delete_concept(db, key=copy, editor=EDITOR, now=NOW)
    taken_back(db, key)
    assert text_of(db, "Ports") == PORTS


def test_each_text_of_the_note_is_read_once(db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note of 2,400 concepts was parsed six times for a copy of one of them: 4 s."""
    texts: list[bytes] = []
    parse = parser._parse
    monkeypatch.setattr(parser, "_parse", lambda data, name: (texts.append(data), parse(data, name))[1])
    concepts.duplicate_concept(db, key=called(db, "DNAT").key, editor=EDITOR, now=NOW)
    assert texts == [PORTS.encode(), text_of(db, "Ports").encode()]


def test_it_moves_to_another_note_with_what_is_asked_of_it(db: Session, folder: Path) -> None:
    concept = called(db, "DNAT")
    row_id, key = concept.id, concept.key
    assert concepts.move_concept(db, key=key, **where(db, "Names", "Servers"), editor=EDITOR, now=NOW)
    assert "DNAT" not in text_of(db, "Ports")
    moved = called(db, "DNAT")
    assert (moved.id, moved.section.note.title if moved.section else "") == (row_id, "Names")
    card = db.scalars(select(Question).where(Question.answer == "The address.")).one()
    assert (card.concept_id, card.retired_at, card.note_id) == (row_id, None, moved.section and moved.section.note_id)
    brought(db, folder)
    taken_back(db, key)
    assert (text_of(db, "Ports"), text_of(db, "Names")) == (PORTS, NAMES.replace("\r\n", "\n"))
    assert called(db, "DNAT").id == row_id


def test_two_become_one_with_the_questions_of_both(db: Session, folder: Path) -> None:
    gone, into = called(db, "DNAT"), called(db, "Proxy")
    words = ConceptWords(term="Proxy", text="Docker's own program, where the kernel rewrites nothing.")
    with pytest.raises(Invalid, match="another concept"):
        concepts.merge_concepts(db, key=gone.key, into=gone.key, words=words, editor=EDITOR, now=NOW)
    concepts.merge_concepts(db, key=gone.key, into=into.key, words=words, editor=EDITOR, now=NOW)
    assert "DNAT:" not in text_of(db, "Ports")
    card = db.scalars(select(Question).where(Question.answer == "The address.")).one()
    assert (card.concept_id, card.retired_at) == (into.id, None)
    taken_back(db, into.key)
    assert text_of(db, "Ports") == PORTS
    assert (card.concept_id, card.retired_at) == (called(db, "DNAT").id, None)


def test_two_with_labels_become_one_with_each_label_once_and_each_card_its_own_source(
    db: Session, tmp_path: Path
) -> None:
    one, other = "*Source:* https://one.example   *As of:* 2026-11", "*Source:* https://other.example   *As of:* 2025"
    note = f"""# Labels

## Some
* **Left:** It is one.
    * Below it.
    * *Card:* What is left? → One. <!-- id: q-left -->
    * {one}
* **Right:** It is another.
    * *Card:* What is right? → Another.
    * *Card:* What has lines?
      → These.

      And these.
    * {{source}}
    * *Level:* 2
"""
    for title, source in (("same", one), ("two", other)):
        (tmp_path / "labels.md").write_text(note.replace("{source}", source))
        brought(db, tmp_path)
        gone, into = called(db, "Right"), called(db, "Left")
        before = {row.prompt: row.source_url for row in db.scalars(select(Question))}
        words = both_words(db, gone=gone.key, into=into.key, editor=EDITOR)
        assert words.text == "It is one.\n\n* Below it.\n\nIt is another."
        concepts.merge_concepts(db, key=gone.key, into=into.key, words=words, editor=EDITOR, now=NOW)
        rows = db.scalars(select(Question).where(Question.retired_at.is_(None))).all()
        assert {row.prompt: row.source_url for row in rows} == before, title
        assert {row.concept_id for row in rows} == {into.id}
        said = text_of(db, "Labels")
        assert (said.count("one.example"), said.count("other.example")) == ((1, 0) if title == "same" else (1, 2))
        assert said.count("*Level:* 2") == 1
        taken_back(db, into.key)
        assert text_of(db, "Labels") == note.replace("{source}", source)


def test_its_labs_stay_where_it_was_and_go_where_it_goes(db: Session, folder: Path) -> None:
    gone, into = called(db, "DNAT"), called(db, "Proxy")
    lab_file = folder / "labs" / "find-it" / "lab.yaml"
    lab_file.parent.mkdir(parents=True)
    lab_file.write_text(LAB.replace("c-map", gone.key))
    brought(db, folder)

    def shown() -> list[tuple[str, list[str]]]:
        db.expire_all()
        note = note_article(db, user=EDITOR, key=db.scalars(select(Note.key).where(Note.title == "Ports")).one())
        assert [lab.slug for lab in note.labs] == ["find-it"]
        return [
            (one.key, [lab.slug for lab in section.labs])
            for section in note.sections
            for one in section.concepts
            if one.labs
        ]

    def stands() -> tuple[int | None, str | None]:
        question = db.scalars(select(Lab)).one().question
        return question.concept_id, question.section.title if question.section is not None else None

    before = shown()
    assert (before, stands()) == ([(gone.key, ["find-it"])], (gone.id, "Publishing"))
    concepts.retire_concept(db, key=gone.key, editor=EDITOR, now=NOW)
    for _ in range(2):
        assert (shown(), stands()) == ([], (gone.id, "Publishing"))
        brought(db, folder)
    concepts.restore_concept(db, key=gone.key, editor=EDITOR, now=NOW)
    assert shown() == before
    concepts.merge_concepts(db, key=gone.key, into=into.key, words=words_of(into), editor=EDITOR, now=NOW)
    for _ in range(2):
        assert (shown(), stands()) == ([(into.key, ["find-it"])], (into.id, "Publishing"))
        brought(db, folder)
    assert f"concepts: [{into.key}]" in offered_text(db, db.scalars(select(Lab)).one())
    taken_back(db, into.key)
    assert (shown(), stands()) == (before, (gone.id, "Publishing"))
    concepts.move_concept(db, key=gone.key, **where(db, "Names", "Servers"), editor=EDITOR, now=NOW)
    db.expire_all()
    assert stands() == (gone.id, "Servers")


def test_a_retired_one_stays_so_when_its_file_is_read_again(db: Session, folder: Path) -> None:
    concept = called(db, "DNAT")
    concepts.retire_concept(db, key=concept.key, editor=EDITOR, now=NOW)
    (folder / "ports.md").write_text(PORTS.replace("Nothing yet", "Not yet"))
    brought(db, folder)
    assert concept.retired_at is not None
    taken_back(db, concept.key)
    assert concept.retired_at is None
    with pytest.raises(Invalid, match="Questions are about it"):
        concepts.delete_concept(db, key=concept.key, editor=EDITOR, now=NOW)


def test_what_file_and_browser_changed_apart_is_put_together_else_an_editor_chooses(db: Session, folder: Path) -> None:
    concept = called(db, "DNAT")
    opened, key = words_of(concept), concept.section.note.key if concept.section else ""
    mine = ConceptWords(term="DNAT", text="It rewrites.")
    concepts.save_concept(db, key=concept.key, words=mine, opened=opened, editor=EDITOR, now=NOW)
    apart = PORTS.replace("Nothing yet", "Not yet")
    (folder / "ports.md").write_text(apart)
    brought(db, folder)
    assert text_of(db, "Ports") == apart.replace(opened.text, mine.text)
    both = apart.replace(opened.text, "The kernel decides.")
    (folder / "ports.md").write_text(both)
    brought(db, folder)
    assert note_text(db, user=EDITOR, key=key).waiting == both
    assert text_of(db, "Ports") == apart.replace(opened.text, mine.text)
    with db.begin_nested() as kept:
        settle_text(db, key=key, take=TakenSide.DATABASE, editor=EDITOR, now=NOW)
        brought(db, folder)
        assert "It rewrites." in text_of(db, "Ports")
        assert note_text(db, user=EDITOR, key=key).waiting is None
        kept.rollback()
    db.expire_all()
    settle_text(db, key=key, take=TakenSide.FILE, editor=EDITOR, now=NOW)
    brought(db, folder)
    assert text_of(db, "Ports") == both
    assert db.scalars(select(NoteHere)).all() == []


def test_a_tag_is_renamed_in_front_matter_and_on_questions_and_taken_back(db: Session, folder: Path) -> None:
    asked = db.scalars(select(Question).where(Question.answer == "`-p`.")).one()
    db.add(Tag(name="later"))
    asked.tags = [*asked.tags, *db.scalars(select(Tag).where(Tag.name == "later"))]
    asked.edited = True
    db.flush()
    changed = tags.rename_tag(db, name="ports", to="Publishing", editor=EDITOR, now=NOW)
    assert (changed.notes, changed.questions) == (1, 1)
    assert text_of(db, "Ports").startswith("---\ntags: [publishing, docker]\n---\n")
    assert {one.name: one.questions for one in tags.tags_in_use(db)} == {"docker": 2, "later": 1, "publishing": 2}
    tags.rename_tag(db, name="later", to="docker", editor=EDITOR, now=NOW)
    tags.remove_tag(db, name="docker", editor=EDITOR, now=NOW)
    assert [one.name for one in tags.tags_in_use(db)] == ["publishing"]
    steps = db.scalars(select(ContentDeed).where(ContentDeed.what.in_(tags.STEPS)).order_by(ContentDeed.id.desc()))
    for step in steps.all():
        tags.undo_tag(db, step_id=step.id, editor=EDITOR, now=NOW)
    assert text_of(db, "Ports") == PORTS
    assert {one.name: one.questions for one in tags.tags_in_use(db)} == {"docker": 2, "later": 1, "ports": 2}


def test_a_tag_counts_what_is_for_all_and_not_retired(db: Session, folder: Path, learner: User) -> None:
    own, mine, theirs = a_note(db), Tag(name="mine"), Tag(name="theirs")
    own.owner_id = learner.id
    many = [a_question(db, note=note) for note in (None, None, None, own, own)]
    for question in many:
        question.tags = [mine]
    many[0].draft = True
    many[1].retired_at = many[3].retired_at = NOW
    many[4].tags = [mine, theirs]
    db.flush()
    assert {one.name: one.questions for one in tags.tags_in_use(db)} == {"docker": 2, "mine": 2, "ports": 2}


def test_a_tag_is_written_so_that_it_is_read_again_or_refused(db: Session, folder: Path) -> None:
    for name, why in (("a, b", "without a comma"), ("#", "one name"), ("x" * 65, "this one has 65")):
        with pytest.raises(Invalid, match=why):
            tags.rename_tag(db, name="ports", to=name, editor=EDITOR, now=NOW)
    name = "ports"
    for to in ("net: ports", "yes", "2026", "#a [b]", '"q"', "it's"):
        changed = tags.rename_tag(db, name=name, to=to, editor=EDITOR, now=NOW)
        assert (changed.notes, changed.questions, changed.name) == (1, 0, to.lstrip("#"))
        name = to.lstrip("#")
        assert {one.name for one in tags.tags_in_use(db)} == {"docker", name}
    with pytest.raises(Unwritable, match="top of the note"):
        with_tag('---\n"tags": [ports]\n---\n# A\n', "ports", "other", name="a")


def test_what_was_retired_or_restored_is_taken_back_once_and_by_its_editor(db: Session, folder: Path) -> None:
    concept = called(db, "DNAT")
    concepts.retire_concept(db, key=concept.key, editor=EDITOR, now=NOW)
    step = last_step_of(db, of=concept.key, deeds=concepts.STEPS, editor=EDITOR)
    assert step is not None
    with pytest.raises(NotFound):
        concepts.undo_concept(
            db,
            step_id=step.id,
            editor=User(id=UUID(int=8), name="Another editor", role=Role.EDITOR, is_limited=False),
            now=NOW,
        )
    assert [concepts.undo_concept(db, step_id=step.id, editor=EDITOR, now=NOW).back for _ in range(2)] == [1, 0]
    assert concept.retired_at is None
    assert last_step_of(db, of=concept.key, deeds=concepts.STEPS, editor=EDITOR) is None


def test_copies_find_names_and_a_name_in_other_capitals_is_taken(db: Session, folder: Path) -> None:
    key = called(db, "DNAT").key
    for _ in range(2):
        concepts.duplicate_concept(db, key=key, editor=EDITOR, now=NOW)
    assert called(db, "DNAT (copy 2)").text == called(db, "DNAT").text
    words = ConceptWords(term="dnat", text="It rewrites.")
    with pytest.raises(Invalid, match="has a concept called “DNAT”"):
        concepts.make_concept(db, **where(db, "Ports", "Reading"), words=words, editor=EDITOR, now=NOW)
    opened = words_of(called(db, "DNAT"))
    assert concepts.save_concept(db, key=key, words=words, opened=opened, editor=EDITOR, now=NOW)


def test_lines_that_somebody_has_changed_since_are_not_taken_back_by_a_press(db: Session, folder: Path) -> None:
    concept = called(db, "DNAT")
    for text in ("It rewrites.", "It rewrites much."):
        opened = words_of(concept)
        words = ConceptWords(term="DNAT", text=text)
        concepts.save_concept(db, key=concept.key, words=words, opened=opened, editor=EDITOR, now=NOW)
        db.refresh(concept)
    first = db.scalars(select(ContentDeed).where(ContentDeed.what.in_(concepts.STEPS)).order_by(ContentDeed.id)).first()
    assert first is not None
    with pytest.raises(Conflict, match="changed the same lines"):
        concepts.undo_concept(db, step_id=first.id, editor=EDITOR, now=NOW)
