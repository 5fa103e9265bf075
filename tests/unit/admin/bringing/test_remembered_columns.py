"""The columns of tables that are kept in a cookie."""

from typing import Any

from quizapp.admin.bringing.remembered_columns import TABLES_KEPT, keep, with_kept
from quizapp.catalogue.formats.columns import ColumnMeaning, Columns
from quizapp.catalogue.importing.sent_notes import SentNote

MEANINGS = (("1", ColumnMeaning.QUESTION), ("2", ColumnMeaning.EXPLANATION), ("3", ColumnMeaning.ANSWER))


def table(name: str, columns: Columns | None = None) -> SentNote:
    return SentNote(path="browser:t.csv", data=f"Frage,{name},Antwort\nWas?,x,dies\n".encode(), columns=columns)


def test_the_last_tables_are_kept_and_the_first_are_forgotten() -> None:
    cookie: dict[str, Any] = {}
    chosen = Columns(meanings=MEANINGS, has_names=True)
    for number in range(TABLES_KEPT + 1):
        keep(cookie, table(f"n{number}", chosen))
    assert with_kept(cookie, table("n0")).columns is None
    assert with_kept(cookie, table("n1")).columns == chosen
    keep(cookie, table("n1", Columns(meanings=MEANINGS[:1], has_names=True)))
    assert len(cookie["columns"]) == TABLES_KEPT


def test_a_first_row_that_is_a_question_is_not_kept() -> None:
    cookie: dict[str, Any] = {}
    keep(cookie, table("x", Columns(meanings=MEANINGS, has_names=False)))
    assert cookie == {}
