"""Tables of questions: CSV, TSV and Anki's text exports."""

import pytest

from quizapp.catalogue.formats.columns import columns_from
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.formats.tables import read, sample
from quizapp.catalogue.pictures.pictures import with_pictures_of


def note(text: str) -> ParsedNote:
    return read(text.encode(), "bank")


def only(text: str) -> ParsedQuestion:
    (question,) = note(text).questions
    return question


def right(text: str) -> list[str]:
    return [choice.text for choice in only(text).choices if choice.right]


@pytest.mark.parametrize(
    "text",
    [
        "id,question,option_A,option_B,correct\n1,Which?,x,y,B\n",
        "Question,Option 1,Option 2,Answer\nWhich?,x,y,2\n",
        "Question;Option A;Option B;Answer\nWhich?;x;y;y\n",
        'Question,"Options, separated by |",Answer\nWhich?,x|y,B\n',
    ],
)
def test_the_right_option_is_named_by_letter_number_or_text(text: str) -> None:
    assert right(text) == ["y"]


def test_several_letters_name_several_options() -> None:
    assert right("question,a,b,c,answer\nWhich?,x,y,z,A|C\n") == ["x", "z"]


def test_an_answer_that_is_no_option_is_told() -> None:
    read_of = note("question,a,b,answer\nWhich?,x,y,q\n")
    assert "The answer q is none of the options." in {warning.message for warning in read_of.warnings}


def test_a_column_without_a_meaning_is_told() -> None:
    assert "colour: red" in note("question,answer,colour\nWhich?,x,red\n").warnings[0].message


def told(text: str, said: str | None = None) -> list[tuple[int, str]]:
    read_of = read(text.encode(), "bank", columns=columns_from(said) if said else None)
    return [(warning.line, warning.message) for warning in read_of.warnings]


@pytest.mark.parametrize("said", ["question=2,answer=3,tags=4", None])
def test_a_row_without_a_question_is_left_out_and_told_with_its_line(said: str | None) -> None:
    text = "nr;question;answer;tags\n1;Which?;x;net\n3;;leer;fs\n"
    (question,) = read(text.encode(), "bank", columns=columns_from(said) if said else None).questions
    assert question.prompt == "Which?"
    assert any(
        line == 3 and "no question, only an answer: leer. It is left out" in words for line, words in told(text, said)
    )


def test_a_card_without_a_front_is_left_out_whatever_the_format() -> None:
    assert [one.prompt for one in note("front\tback\n\tb\nc\td\n").questions] == ["c"]
    assert [one.prompt for one in note("#separator:tab\n\tb\nc\td\n").questions] == ["c"]


def test_a_table_whose_first_row_names_no_question_is_told_as_a_guess() -> None:
    text = "Aufgabe;Loesung;Fach\nWas ist das?;Ein Bild;fs\n"
    assert (
        "this is a guess: the first column asks, the second answers, and this row (Aufgabe | Loesung | Fach)"
        in (told(text)[0][1])
    )
    assert not told(text, "question=Aufgabe,answer=Loesung,tags=Fach")
    found, chosen = sample(text.encode()), sample(text.encode(), columns_from("question=1"))
    assert found is not None
    assert found.is_guess
    assert chosen is not None
    assert not chosen.is_guess


def test_columns_may_be_said_by_name_and_by_number() -> None:
    said = columns_from("question=Aufgabe,answer=2,option=3-4")
    (question,) = read(b"Aufgabe,Loesung,x,y\nWas?,b,das,dies\n", "bank", columns=said).questions
    assert question.prompt == "Was?"
    assert [(choice.text, choice.right) for choice in question.choices] == [("das", False), ("dies", True)]


def test_without_a_name_in_it_the_first_row_is_a_question_too() -> None:
    said = columns_from("answer=1,question=2")
    assert len(list(read(b"53,Port of DNS?\n22,Port of SSH?\n", "bank", columns=said).questions)) == 2


@pytest.mark.parametrize("said", ["question=5", "question=none", "answer=1", "prompt=1", "question"])
def test_a_column_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(Unreadable):
        read(b"a,b\nc,d\n", "bank", columns=columns_from(said))


def test_two_columns_of_one_meaning_are_refused_as_one_would_be_lost() -> None:
    with pytest.raises(Unreadable, match="Two columns are said to be the answer"):
        read(b"a,b,c\nd,e,f\n", "bank", columns=columns_from("question=1,answer=2-3"))


def test_a_sample_says_what_columns_are_taken_for() -> None:
    found = sample(b"question,option a,option b,answer,note\nWhich?,x,y,a,z\n")
    assert found is not None
    assert (found.has_names, [*found.rows]) == (True, [["Which?", "x", "y", "a", "z"]])
    assert [*found.meanings] == ["question", "option", "option", "answer", "nothing"]
    plain = sample(b"veth,a pair\nbridge,a switch\n")
    assert plain is not None
    assert (plain.has_names, [*plain.meanings]) == (False, ["question", "answer"])


def test_an_export_of_ankis_says_itself_what_its_columns_are() -> None:
    assert sample(b"#separator:tab\na\tb\n") is None


def test_a_table_without_questions_is_refused() -> None:
    with pytest.raises(Unreadable, match="No column has questions"):
        note("one\ntwo\n")


HEADERS = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"


def test_headers_say_what_the_columns_are() -> None:
    read_of = note(f"{HEADERS}g1\tBasic\tNet::DNS\t<b>Port</b>?\t53\tnet\n")
    (section,) = read_of.sections
    assert (section.title, section.questions[0].prompt, section.questions[0].answer) == ("Net / DNS", "**Port**?", "53")
    assert section.questions[0].tags == ("net",)


def test_each_row_has_its_own_tags() -> None:
    text = "question,answer,tags\nPort?,53,Net dns\nA copy?,A cache.,\nA line?,A queue.,net\n"
    assert [question.tags for question in note(text).questions] == [("net", "dns"), (), ("net",)]
    assert note(text).tags == ()


def test_of_thousands_of_tags_some_are_kept_and_it_is_told() -> None:
    rows = "".join(f"Port {number}?,53,t{number}\n" for number in range(600))
    read_of = note(f"question,answer,tags\n{rows}")
    assert sum(bool(question.tags) for question in read_of.questions) == 500
    assert "600 different tags; the first 500 are kept" in read_of.warnings[0].message


def test_a_reversed_note_is_two_cards_with_two_ids() -> None:
    first, second = note(f"{HEADERS}g1\tBasic (and reversed card)\tNet\tRPO\tloss\t\n").questions
    assert (first.prompt, second.prompt, second.key) == ("RPO", "loss", f"{first.key}-2")


def test_each_number_of_a_gap_is_a_card() -> None:
    first, second = note(f"{HEADERS}g1\tCloze\tNet\t{{{{c1::SYN}}}}, {{{{c2::ACK::last}}}}\tthree steps\t\n").questions
    assert (first.prompt, second.prompt) == ("[…], ACK", "SYN, [last]")
    assert second.answer == "SYN, ACK\n\nthree steps"


def test_a_gap_in_a_gap_is_a_card_of_each() -> None:
    """As in Anki: of the outer gap the whole is hidden, of the inner one its own words."""
    row = f"{HEADERS}g1\tCloze\tNet\tOn {{{{c1::port {{{{c2::53::number}}}}}}}} is DNS\t\t\n"
    assert [(one.prompt, one.answer) for one in note(row).questions] == [
        ("On […] is DNS", "On port 53 is DNS"),
        ("On port [number] is DNS", "On port 53 is DNS"),
    ]


def test_without_html_a_placeholder_stays_text() -> None:
    assert only("#separator:tab\n#html:false\nrun <port>\t<b>\n").answer == r"\<b>"


def test_media_are_named() -> None:
    read = note('#separator:tab\n#html:true\n<img src=""a.png"">\t[sound:b.mp3]\n'.replace('""', "'"))
    said = " ".join(warning.message for warning in with_pictures_of(read, lambda address: None)[0].warnings)
    assert "a.png" in said
    assert "sounds are not imported: b.mp3" in said
