"""QTI 1.2, 2.1 and 3.0: what conditions and declarations say is right, and what is told of the rest."""

import pytest

from quizapp.catalogue.formats.banks.qti import looks_like_qti, read
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.kinds.expected import read as read_expected

LABELS = "".join(
    f"<response_label ident='{name}'><material><mattext>{name}!</mattext></material></response_label>"
    for name in ("a", "b", "c")
)


def scored(inside: str, score: str = "100", *, action: str = "Set") -> str:
    score = f"<setvar varname='SCORE' action='{action}'>{score}</setvar>"
    return f"<respcondition><conditionvar>{inside}</conditionvar>{score}</respcondition>"


def equal(*names: str) -> str:
    return "".join(f"<varequal respident='r'>{name}</varequal>" for name in names)


def old(conditions: str, *, response: str = "", more: str = "", many: bool = False) -> ParsedNote:
    """A question of QTI 1.2."""
    cardinality = "Multiple" if many else "Single"
    response = response or (
        f"<response_lid ident='r' rcardinality='{cardinality}'><render_choice>{LABELS}</render_choice></response_lid>"
    )
    stem = (
        "<material><mattext texttype='text/html'>&lt;p&gt;Which &lt;b&gt;one&lt;/b&gt;?&lt;/p&gt;</mattext></material>"
    )
    item = f"<item ident='i'><presentation>{stem}{response}</presentation><resprocessing>{conditions}</resprocessing>"
    return read(
        f"<questestinterop><assessment title='Nets'>{item}{more}</item></assessment></questestinterop>".encode(), "b"
    )


def new(declared: str, body: str) -> ParsedNote:
    """An item of QTI 2.1."""
    space = "http://www.imsglobal.org/xsd/imsqti_v2p1"
    head = f"<assessmentItem xmlns='{space}' identifier='i' title='t'>"
    return read(f"{head}{declared}<itemBody>{body}</itemBody></assessmentItem>".encode(), "b")


def declared(*right: str, mapped: str = "", cardinality: str = "single", base: str = "identifier") -> str:
    values = "".join(f"<value>{one}</value>" for one in right)
    return (
        f"<responseDeclaration identifier='R' cardinality='{cardinality}' baseType='{base}'>"
        f"<correctResponse>{values}</correctResponse><mapping>{mapped}</mapping></responseDeclaration>"
    )


def only(note: ParsedNote) -> ParsedQuestion:
    (question,) = note.questions
    return question


def right(note: ParsedNote) -> list[str]:
    return [choice.text for choice in only(note).choices if choice.right]


def messages(note: ParsedNote) -> str:
    return " ".join(warning.message for warning in note.warnings)


def test_the_condition_that_scores_says_what_is_right() -> None:
    note = old(scored(equal("a"), "0", action="Add") + scored(equal("b")))
    assert (only(note).prompt, right(note)) == ("Which **one**?", ["b!"])
    assert note.sections[0].title == "Nets"


def test_what_is_negated_in_a_condition_is_not_right() -> None:
    nots = "".join(f"<not>{equal(name)}</not>" for name in ("b",))
    assert right(old(scored(f"<and>{equal('a', 'c')}{nots}</and>"), many=True)) == ["a!", "c!"]


def test_sums_of_several_conditions_are_several_right_options() -> None:
    note = old(scored(equal("a"), "50", action="Add") + scored(equal("c"), "50", action="Add"), many=True)
    assert right(note) == ["a!", "c!"]
    assert "not kept" not in messages(note)


def test_parts_of_the_score_are_told() -> None:
    note = old(scored(equal("a")) + scored(equal("b"), "40"))
    assert right(note) == ["a!"]
    assert "(100 %, 40 %, 0 %) is not kept" in messages(note)


def test_feedback_goes_to_its_option_or_to_the_answer() -> None:
    shows = "<displayfeedback linkrefid='f'/>"
    said = "".join(
        f"<itemfeedback ident='{name}'><material><mattext>{text}</mattext></material></itemfeedback>"
        for name, text in (("f", "Not here."), ("general_fb", "Read on."), ("correct_fb", "Yes."))
    )
    conditions = f"<respcondition><conditionvar>{equal('a')}</conditionvar>{shows}</respcondition>" + scored(equal("b"))
    question = only(old(conditions, more=said))
    assert [choice.why for choice in question.choices] == ["Not here.", "", ""]
    assert question.answer == "Read on.\n\nRight: Yes."


def test_what_may_be_typed_becomes_the_answer() -> None:
    response = "<response_str ident='r'><render_fib><response_label ident='x'/></render_fib></response_str>"
    note = old(scored(equal("veth")) + scored(equal("veth pair")), response=response)
    assert only(note).expected == read_expected("short", "veth | veth pair")
    assert "becomes an open one" not in messages(note)


def test_a_number_may_lie_between_two() -> None:
    response = "<response_str ident='r'><render_fib fibtype='Decimal'/></response_str>"
    between = "<vargte respident='r'>1.1</vargte><varlte respident='r'>1.3</varlte>"
    note = old(scored(f"<or>{equal('1.2')}<and>{between}</and></or>"), response=response)
    assert only(note).expected == read_expected("number", "1.2 ± 0.1")


def test_several_responses_are_pairs() -> None:
    responses = "".join(
        f"<response_lid ident='r{n}'><material><mattext>{left}</mattext></material>"
        f"<render_choice>{LABELS}</render_choice></response_lid>"
        for n, left in enumerate(("one", "two"))
    )
    conditions = "".join(scored(f"<varequal respident='r{n}'>{name}</varequal>", "50") for n, name in enumerate("ca"))
    assert only(old(conditions, response=responses)).expected == read_expected("match", "one → c!\ntwo → a!")


def test_what_asks_for_a_place_keeps_its_texts_and_is_told() -> None:
    label = "<response_label><material><mattext>a map</mattext></material></response_label>"
    note = old("", response=f"<response_xy ident='r'>{label}</response_xy>")
    assert "a map" in only(note).answer
    assert "becomes an open question" in messages(note)


def test_a_file_without_a_score_is_a_draft() -> None:
    assert "it is a draft" in messages(old(""))


def test_a_dash_in_the_place_of_two_hyphens_is_told() -> None:
    """text2qti 0.7.1 has Python-Markdown's smarty in it, which turns `--rm` outside of code into a dash."""
    dashed = LABELS.replace("a!", "docker run \u2013rm")
    response = f"<response_lid ident='r'><render_choice>{dashed}</render_choice></response_lid>"
    assert "A dash stands where a command" in messages(old(scored(equal("a")), response=response))


def test_a_choice_of_qti_2() -> None:
    body = (
        "<p>See <code>ip a</code>.</p><choiceInteraction responseIdentifier='R' maxChoices='1'><prompt>Which?</prompt>"
        "<simpleChoice identifier='A'>up &lt;b&gt;<feedbackInline>Yes.</feedbackInline></simpleChoice>"
        "<simpleChoice identifier='B'>down</simpleChoice></choiceInteraction>"
    )
    note = new(declared("A"), body)
    assert (only(note).prompt, right(note)) == ("See `ip a`.\n\nWhich?", ["up \\<b>"])
    assert only(note).choices[0].why == "Yes."


def test_what_a_mapping_gives_points_for_is_right() -> None:
    choices = "".join(f"<simpleChoice identifier='{name}'>{name}</simpleChoice>" for name in "ABC")
    body = f"<choiceInteraction responseIdentifier='R' maxChoices='0'>{choices}</choiceInteraction>"
    mapped = "".join(
        f"<mapEntry mapKey='{name}' mappedValue='{score}'/>" for name, score in (("A", 1), ("B", 1), ("C", -1))
    )
    note = new(declared("A", "B", mapped=mapped, cardinality="multiple"), body)
    assert right(note) == ["A", "B"]
    assert "not kept" in messages(note)


def test_a_gap_is_shown_and_what_fits_is_the_answer() -> None:
    body = "<p>Names are answered at <textEntryInteraction responseIdentifier='R'/>.</p>"
    question = only(new(declared("127.0.0.11", base="string"), body))
    assert question.prompt == "Names are answered at ___."
    assert question.expected == read_expected("short", "127.0.0.11")


def test_an_order_and_pairs_of_qti_2() -> None:
    choices = "".join(f"<simpleChoice identifier='{name}'>step {name}</simpleChoice>" for name in "ABC")
    order = new(
        declared("C", "A", "B", cardinality="ordered"),
        f"<orderInteraction responseIdentifier='R'>{choices}</orderInteraction>",
    )
    assert only(order).expected == read_expected("order", "step C\nstep A\nstep B")
    sides = "".join(
        f"<simpleAssociableChoice identifier='{name}'>{name}{name}</simpleAssociableChoice>" for name in "AB"
    )
    pairs = new(
        declared("A B", cardinality="multiple", base="pair"),
        f"<associateInteraction responseIdentifier='R'>{sides}</associateInteraction>",
    )
    assert only(pairs).answer == "- AA → BB"


def test_two_interactions_are_two_questions() -> None:
    body = "<textEntryInteraction responseIdentifier='R'/><extendedTextInteraction responseIdentifier='S'/>"
    note = new(declared("x"), f"<p>{body}</p>")
    assert len({question.key for question in note.questions}) == 2


def newest(declared: str, body: str) -> ParsedNote:
    """An item of QTI 3.0."""
    space = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    head = f"<qti-assessment-item xmlns='{space}' identifier='i' title='t' time-dependent='false'>"
    return read(f"{head}{declared}<qti-item-body>{body}</qti-item-body></qti-assessment-item>".encode(), "b")


NEWEST_DECLARED = (
    "<qti-response-declaration identifier='R' cardinality='single' base-type='identifier'>"
    "<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>"
)


def test_a_choice_of_qti_3_is_one_of_qti_2_by_other_names() -> None:
    note = newest(
        NEWEST_DECLARED,
        "<p>See <code>ip a</code>.</p><qti-choice-interaction response-identifier='R' max-choices='1'>"
        "<qti-prompt>Which?</qti-prompt><qti-simple-choice identifier='A'>up<qti-feedback-inline identifier='A'>"
        "<qti-content-body>Yes &lt;b&gt;.</qti-content-body></qti-feedback-inline></qti-simple-choice>"
        "<qti-simple-choice identifier='B' data-x-y='z'>down</qti-simple-choice></qti-choice-interaction>",
    )
    assert (only(note).prompt, right(note)) == ("See `ip a`.\n\nWhich?", ["up"])
    assert only(note).choices[0].why == "Yes \\<b>."
    older = new(
        declared("A"),
        "<choiceInteraction responseIdentifier='R'><simpleChoice identifier='A'>up</simpleChoice></choiceInteraction>",
    )
    assert only(older).key == only(note).key  # an exam that moves on to 3.0 keeps what was learnt


def test_a_text_of_qti_3_that_stands_in_another_file_is_told() -> None:
    elsewhere = "<qti-assessment-stimulus-ref identifier='S' href='stimuli/outage.xml'/>"
    note = newest(NEWEST_DECLARED + elsewhere, "<qti-extended-text-interaction response-identifier='S'/>")
    assert "stands in another file, stimuli/outage.xml" in messages(note)


def test_within_elements_of_html_a_written_tag_is_a_word() -> None:
    text = "<div><p>Where does &lt;title&gt; stand, and <code>&lt;image&gt;</code>?</p></div>"
    material = f"<material><mattext texttype='text/xhtml'>{text}</mattext></material>"
    note = read(
        f"<questestinterop><item ident='i'><presentation>{material}</presentation></item></questestinterop>".encode(),
        "b",
    )
    assert only(note).prompt == "Where does \\<title> stand, and `<image>`?"


def test_what_json2qti_writes_is_read_whole() -> None:
    """json2qti 1.3.0 writes the paragraph as text and the code within it as an element."""
    material = (
        "<material><mattext>&lt;p&gt;Does <code>-p 80:80</code> open a &lt;port&gt;?&lt;/p&gt;</mattext></material>"
    )
    note = read(
        f"<questestinterop><item ident='i'><presentation>{material}</presentation></item></questestinterop>".encode(),
        "b",
    )
    assert only(note).prompt == "Does `-p 80:80` open a \\<port>?"


@pytest.mark.parametrize(
    "text",
    ["<quiz/>", "<assessmentTest xmlns='x'/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><assessmentItem>&x;</assessmentItem>"],
)
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text.encode(), "b")


def test_it_is_known_by_its_root() -> None:
    assert looks_like_qti("<?xml version='1.0'?><ims:questestinterop xmlns:ims='x'>")
    assert not looks_like_qti("<quiz><question type='essay'/></quiz>")


def canvas(kind: str, stem: str, responses: str, conditions: str) -> ParsedNote:
    """A question of QTI 1.2 of a kind of Canvas."""
    field = (
        f"<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>"
    )
    head = f"<item ident='i'><itemmetadata><qtimetadata>{field}</qtimetadata></itemmetadata>"
    body = f"<presentation><material><mattext>{stem}</mattext></material>{responses}</presentation>"
    text = f"<questestinterop>{head}{body}<resprocessing>{conditions}</resprocessing></item></questestinterop>"
    return read(text.encode(), "b")


def named_response(name: str, *labels: str) -> str:
    options = "".join(
        f"<response_label ident='{label}'><material><mattext>{label}</mattext></material></response_label>"
        for label in labels
    )
    named = f"<material><mattext>{name}</mattext></material><render_choice>{options}</render_choice>"
    return f"<response_lid ident='response_{name}'>{named}</response_lid>"


def is_right(name: str, label: str) -> str:
    return scored(f"<varequal respident='response_{name}'>{label}</varequal>", "50", action="Add")


GAPS = "DNS uses [port] over [kind], always [kind]."


@pytest.mark.parametrize(
    ("kind", "prompt", "right"),
    [
        ("fill_in_multiple_blanks_question", "Fill the gaps.", "**53 | dns** over **udp | tcp**, always **udp | tcp**"),
        (
            "multiple_dropdowns_question",
            "Fill the gaps. Words: 53, dns, tcp, udp.",
            "**53** over **udp**, always **udp**",
        ),
    ],
)
def test_names_in_the_text_of_a_question_of_canvas_are_gaps(kind: str, prompt: str, right: str) -> None:
    """Of blanks, Canvas names one answer as right and accepts each that it lists."""
    responses = named_response("port", "53", "dns") + named_response("kind", "udp", "tcp")
    question = only(canvas(kind, GAPS, responses, is_right("port", "53") + is_right("kind", "udp")))
    assert (question.prompt, question.expected) == (prompt, read_expected("cloze", f"DNS uses {right}."))


def test_a_name_that_is_not_in_the_text_leaves_pairs() -> None:
    responses = named_response("port", "53") + named_response("other", "udp")
    note = canvas("multiple_dropdowns_question", GAPS, responses, is_right("port", "53") + is_right("other", "udp"))
    assert only(note).expected == read_expected("match", "port → 53\nother → udp")


def test_what_belongs_to_nothing_is_there_to_mislead() -> None:
    responses = named_response("DNS", "53", "22", "80") + named_response("SSH", "53", "22", "80")
    note = canvas("matching_question", "Match.", responses, is_right("DNS", "53") + is_right("SSH", "22"))
    assert only(note).expected == read_expected("match", "DNS → 53\nSSH → 22\n→ 80")
    choice = "<simpleAssociableChoice identifier='{0}'>{0}</simpleAssociableChoice>".format
    sides = "".join(f"<simpleMatchSet>{''.join(map(choice, side))}</simpleMatchSet>" for side in ("AB", "XYZ"))
    pairs = new(
        declared("A X", "B Y", cardinality="multiple", base="directedPair"),
        f"<matchInteraction responseIdentifier='R'>{sides}</matchInteraction>",
    )
    assert only(pairs).expected == read_expected("match", "A → X\nB → Y\n→ Z")


def test_words_that_are_put_into_gaps_fill_them() -> None:
    words = "<gapText identifier='W'>udp</gapText><gapText identifier='U'>tcp</gapText>"
    text = "<p>DNS <gap identifier='G1'/>, HTTP <gap identifier='G2'/>.</p>"
    body = f"<gapMatchInteraction responseIdentifier='R'>{words}{text}</gapMatchInteraction>"
    question = only(new(declared("W G1", "U G2", cardinality="multiple", base="directedPair"), body))
    assert question.prompt == "Fill the gaps. Words: tcp, udp."
    assert question.expected == read_expected("cloze", "DNS **udp**, HTTP **tcp**.")
    without = only(new(declared("W G1", cardinality="multiple", base="directedPair"), body))
    assert without.prompt == "DNS ___, HTTP ___."


def test_each_of_two_gaps_is_asked_apart() -> None:
    said = declared("udp", base="string") + declared("tcp", base="string").replace("'R'", "'S'")
    gaps = (
        "<p>DNS <textEntryInteraction responseIdentifier='R'/>, HTTP <textEntryInteraction responseIdentifier='S'/></p>"
    )
    assert [question.prompt for question in new(said, gaps).questions] == ["DNS ___, HTTP …", "DNS …, HTTP ___"]


def test_a_slider_asks_for_a_number() -> None:
    note = new(declared("50", base="integer"), "<p>How far?</p><sliderInteraction responseIdentifier='R'/>")
    assert only(note).expected == read_expected("number", "50")
