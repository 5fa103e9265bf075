"""Lists of people as Excel and LibreOffice write them; what is wrong is told by its line."""

import csv

import pytest

from quizapp.admin.owner.account_list import LIST_MAX_BYTES, ROWS_MAX, AccountList, read
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.spreadsheets import MARK, table

ROLES = ["learner", "editor", "owner"]


def listed(data: bytes | str) -> AccountList:
    return read(data.encode() if isinstance(data, str) else data, name_max_chars=20, roles=ROLES)


def rows(data: bytes | str) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.name, one.role, one.class_name) for one in listed(data).accounts]


EXPECTED = [(2, "Jörg Öhm", "learner", "7b"), (3, 'Ada "A", L', "editor", "")]


@pytest.mark.parametrize(
    "data",
    [
        'name,role,class\r\nJörg Öhm,,7b\r\n"Ada ""A"", L",Editor,\r\n'.encode(),
        'Name;Role;Class\r\nJörg Öhm;;7b\r\n"Ada ""A"", L";editor;\r\n'.encode("cp1252"),  # Excel, in German
        '\ufeffName;Role;Class\r\nJörg Öhm;;7b\r\n"Ada ""A"", L";editor;\r\n'.encode(),  # Excel, CSV UTF-8
        'name\trole\tclass\r\nJörg Öhm\t\t7b\r\n"Ada ""A"", L"\teditor\t\r\n'.encode("utf-16"),  # Unicode Text
        '"name","role","group"\n"Jörg Öhm","","7b"\n"Ada ""A"", L","editor",""\n;;;\n\n'.replace(";;;", ",,").encode(),
        'name,role,class\rJo\u0308rg  O\u0308hm ,,7b\r"Ada ""A"", L",editor,'.encode(),  # an old Mac's line ends
        'x,class,name,role\n1,7b,Jörg\xa0Öhm,\n2,,"Ada ""A"", L",EDITOR\n'.encode(),
    ],
)
def test_a_list_is_read_as_any_spreadsheet_writes_it(data: bytes) -> None:
    assert rows(data) == EXPECTED


def test_a_first_line_that_says_the_separator_is_taken_at_its_word() -> None:
    assert rows("sep=;\nname;class\nAda, L;7b\n") == [(3, "Ada, L", "learner", "7b")]


def test_what_is_wrong_is_told_by_its_line_and_the_rest_goes_on() -> None:
    found = listed('name,role\nAda,\n,editor\nBob,boss\nAda,owner\n"Car\nol",\nx\u202ey,\n' + "z" * 21 + ",\nDan,")
    assert [one.name for one in found.accounts] == ["Ada", "Car ol", "Dan"]
    assert [(fault.line, fault.said.split(".")[0]) for fault in found.faults] == [
        (3, "There is no name"),
        (4, "“boss” is no role"),
        (5, "Ada stands in line 2 already"),
        (8, "A name has 1 to 20 printable characters; this one begins with “x�y”"),
        (9, f"A name has 1 to 20 printable characters; this one begins with “{'z' * 21}”"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"Vorname;Nachname\nAda;L\n", "has: “Vorname”, “Nachname”"),
        (b"PK\x03\x04\0\0", "NUL"),  # a spreadsheet's own file
        (b"name\n" + b"a\n" * (LIST_MAX_BYTES // 2), "Split it"),
        ("name\n" + "\n".join(f"p{number}" for number in range(ROWS_MAX + 1)), "at most 2,000 people"),
        (b"\xff\xfe", "empty"),
    ],
)
def test_what_is_no_list_is_refused_whole(data: bytes | str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        listed(data)


def test_a_quote_that_is_not_closed_is_told_by_its_line() -> None:
    found = listed('name\nAda\n"Bob\nCarol has a long name\n')
    assert ([one.name for one in found.accounts], [one.line for one in found.faults]) == (["Ada"], [3])
    short = listed('name\nAda\n"Bob\nCarol\n')
    assert [one.name for one in short.accounts] == ["Ada"], "nobody is called “Bob Carol”"
    assert [(one.line, "not closed" in one.said) for one in short.faults] == [(3, True)]
    assert [one.name for one in listed('name\n"Ada"\n"Bob\nCarol"').accounts] == ["Ada", "Bob Carol"]


@pytest.mark.parametrize("limit", [128 * 1024, 1024 * 1024])
def test_what_another_reader_has_set_for_the_process_changes_nothing(limit: int) -> None:
    """CPython's csv (3.11 to 3.14) has one limit for a cell, 131,072 characters at first, for all of its readers."""
    csv.field_size_limit(limit)
    found = listed('name\nAda\n"Bob' + "a" * 200_000)
    assert [one.name for one in found.accounts] == ["Ada"]
    assert [(one.line, "not closed" in one.said) for one in found.faults] == [(3, True)]


def test_nothing_that_goes_out_is_computed_and_it_comes_back_as_it_was() -> None:
    names = ["=1+1", "+49", "-x", "@SUM(A1)", "'quoted'", "O'Neil", "plain", 'a"b,c;d']
    text = table([["name"], *([name] for name in names)])
    assert text.startswith(MARK)
    cells = [line.strip('"') for line in text.split("\r\n")[1:-1]]
    assert [cell[0] for cell in cells[:4]] == ["'"] * 4
    assert [one.name for one in listed(text).accounts] == names
