"""Practice: begin a quiz session, answer one question on each page, see the result."""

from dataclasses import replace
from random import SystemRandom
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.articles.queries import notes_to_choose
from quizapp.confidence import Confidence
from quizapp.errors import Invalid
from quizapp.quiz import drafts, service, sittings
from quizapp.quiz.draw import question_filter
from quizapp.quiz.draw.wished_questions import wish_of
from quizapp.quiz.given_answer import Given
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import Mode
from quizapp.quiz.pages import queries, result_page
from quizapp.quiz.pages.forms import ONE, SEVERAL, AnswerForm, ChooseForm, MarkForm, first_error, wish_in
from quizapp.quiz.pages.mode_forms import asks_commands, of_interview, offer_in, preselect_how
from quizapp.quiz.service import Receipt
from quizapp.quiz.unanswered import is_over, next_position, present, waits_for_answers
from quizapp.web.choices import SelectChoice
from quizapp.web.database import get_db
from quizapp.web.mounting import home
from quizapp.web.security import allow_recordings

TIME_UP = "The time is up. What you had answered counts, with what the page sent at the end."
OVER = "The time was up, or you had handed it in. What you sent after that is not counted; it stands with its question."
TOO_LATE = "You had already answered this question, perhaps in another tab. Your first answer stands."
TOLD = {Receipt.TOO_LATE: TOO_LATE, Receipt.OVER: OVER}
NOTHING_TICKED = "You ticked nothing. Tick what you said, or say below that it was none of these."
TOO_LATE_TO_MARK = "You had already marked this answer, perhaps in another tab. Your first marks stand."


@audience(Audience.LEARNER)
def choose() -> str:
    """Choose a note, what its questions have in common and their number; `?note=` and the others preselect."""
    form = _choose_form()
    for name in ONE:
        form[name].data = request.args.get(name, "")
    preselect_how(form, request.args)
    for name in SEVERAL:
        form[name].data = request.args.getlist(name)
    return _choose_page(form)


@audience(Audience.LEARNER)
def start() -> Response | tuple[str, int]:
    """Draw a quiz session and go to its first question."""
    form = _choose_form()
    if not form.validate():
        return _choose_page(form), 400
    mode = Mode(form.mode.data)
    try:
        wish = wish_in(form)
        if mode is Mode.INTERVIEW:
            wish = replace(wish, narrowed=of_interview(wish.narrowed))
        quiz = service.open_quiz(
            get_db(),
            user=current_user(),
            wish=wish,
            asks_commands=asks_commands(wish.narrowed),
            rng=SystemRandom(),
            now=clock.now(),
        )
    except Invalid as error:
        flash(str(error), "warning")
        return _choose_page(form), error.status
    sittings.begin(quiz, mode=mode, asked_min=form.limit.data)
    get_db().commit()
    return redirect(url_for("practice.show", quiz_id=quiz.id, position=1))


@audience(Audience.LEARNER)
def show(quiz_id: UUID, position: int) -> Response:
    """One question: to be answered, to be marked, or with its verdict. An interview shows the one that it is at."""
    quiz, now = _quiz(quiz_id), clock.now()
    attempt = service.attempt_at(quiz, position)
    if is_over(quiz, now=now) and quiz.handed_in_at is None:
        return redirect(url_for("practice.result", quiz_id=quiz_id))
    at = present(quiz)
    if quiz.mode is Mode.INTERVIEW and waits_for_answers(quiz) and at is not None and at is not attempt:
        return redirect(_url(quiz, at.position))
    page = queries.asked_question(get_db(), user=current_user(), quiz=quiz, attempt=attempt, now=now)
    form = AnswerForm(text=page.text, line=page.text, confidence=page.confidence)
    next_url = _url(quiz, next_position(quiz, after=position))
    drawn = make_response(render_template("quiz/question.html", page=page, form=form, next_url=next_url))
    return allow_recordings(drawn, microphone=page.stage == "ask") if quiz.mode is Mode.INTERVIEW else drawn


@audience(Audience.LEARNER)
def answer(quiz_id: UUID, position: int) -> Response:
    """Store an answer and show its verdict, or the guide to mark it by; the question again for what is no answer.

    What is refused is kept and shown by a redirect, so that Back and a reload send nothing again.
    """
    attempt = service.attempt_at(_quiz(quiz_id), position)
    waited = waits_for_answers(attempt.quiz_session)
    given, error = _sent()
    try:
        if error:
            raise Invalid(error)
        receipt = sittings.answer(get_db(), user=current_user(), attempt=attempt, given=given, now=clock.now())
    except Invalid as refused:
        flash(_refusal(attempt, refused), "warning")
        return _left(attempt, given, to=_asked_to(attempt))
    get_db().commit()
    if receipt in TOLD:
        flash(TOLD[receipt], "warning")
    elif waited and not waits_for_answers(attempt.quiz_session):
        flash(TIME_UP)
    return redirect(_asked_to(attempt))


@audience(Audience.LEARNER)
def mark(quiz_id: UUID, position: int) -> Response:
    """Store the learner's marks of a written answer. Nothing ticked is asked about first: Enter from habit is that."""
    form = MarkForm()
    if not form.validate():
        raise Invalid(first_error(form))
    attempt = service.attempt_at(_quiz(quiz_id), position)
    said = SaidPoints(points=form.points.data or [], bonus=form.bonus.data or [], red_flags=form.red_flags.data or [])
    if said.is_nothing and not form.nothing.data and attempt.verdict is None:
        flash(NOTHING_TICKED, "warning")
        return redirect(url_for("practice.show", quiz_id=quiz_id, position=position))
    receipt = service.mark(get_db(), user=current_user(), attempt=attempt, said=said, now=clock.now())
    get_db().commit()
    if receipt is Receipt.TOO_LATE:
        flash(TOO_LATE_TO_MARK, "warning")
    return redirect(url_for("practice.show", quiz_id=quiz_id, position=position))


@audience(Audience.LEARNER)
def unmark(quiz_id: UUID, position: int) -> Response:
    """Take the learner's own marks of a written answer back, so that they can mark it anew."""
    attempt = service.attempt_at(_quiz(quiz_id), position)
    service.take_marks_back(get_db(), user=current_user(), attempt=attempt, now=clock.now())
    get_db().commit()
    return redirect(url_for("practice.show", quiz_id=quiz_id, position=position))


@audience(Audience.LEARNER)
def hint(quiz_id: UUID, position: int) -> Response:
    """Show the next hint of a question."""
    attempt = service.attempt_at(_quiz(quiz_id), position)
    service.take_hint(get_db(), attempt=attempt)
    return _left(attempt, _sent()[0], to=_url(attempt.quiz_session, position))


@audience(Audience.LEARNER)
def skip(quiz_id: UUID, position: int) -> Response:
    """Go on to the next question without an answer."""
    quiz = _quiz(quiz_id)
    attempt = service.attempt_at(quiz, position)
    return _left(attempt, _sent()[0], to=_url(quiz, next_position(quiz, after=position)))


@audience(Audience.LEARNER)
def later(quiz_id: UUID, position: int) -> Response:
    """Mark a question for later, or take that mark away: the form says which."""
    attempt = service.attempt_at(_quiz(quiz_id), position)
    service.mark_for_later(get_db(), attempt=attempt, is_for_later=request.form.get("later") == "1")
    if waits_for_answers(attempt.quiz_session):
        return answer(quiz_id, position)
    return _left(attempt, _sent()[0], to=_url(attempt.quiz_session, position))


@audience(Audience.LEARNER)
def result(quiz_id: UUID) -> Response | str:
    """The score and the missed questions; before the end, a redirect to the next question, or to hand it in."""
    quiz = _quiz(quiz_id)
    if quiz.finished_at is None and quiz.handed_in_at is None and is_over(quiz, now=clock.now()):
        return render_template("quiz/over.html", quiz_id=quiz.id, title=queries.title_of(quiz))
    if quiz.finished_at is None:
        return redirect(_url(quiz, next_position(quiz)))
    if quiz.mode is Mode.INTERVIEW and quiz.handed_in_at is not None:
        return redirect(url_for("practice.report", quiz_id=quiz_id))
    page = result_page.quiz_result(get_db(), user=current_user(), quiz=quiz, now=clock.now())
    return render_template("quiz/result.html", page=page)


@audience(Audience.LEARNER)
def discard(quiz_id: UUID) -> Response:
    """End a quiz session that the learner does not want to go on with; back to the page that offered it."""
    quiz = _quiz(quiz_id)
    counts = not waits_for_answers(quiz)
    service.discard(get_db(), quiz=quiz, now=clock.now())
    get_db().commit()
    flash("Discarded. What you answered in it still counts." if counts else "Discarded. Nothing in it was marked.")
    return redirect(home() if request.form.get("then") == "today" else url_for("practice.choose"), code=303)


@audience(Audience.LEARNER)
def again(quiz_id: UUID) -> Response:
    """Begin one of what this one was wished for in its mode, or practise what was missed in it: the form says which."""
    before, is_all = _quiz(quiz_id), request.form.get("of") == "all"
    db, user, rng, now = get_db(), current_user(), SystemRandom(), clock.now()
    if is_all:
        asks = asks_commands(wish_of(before).narrowed)
        quiz = service.again(db, user=user, quiz=before, asks_commands=asks, rng=rng, now=now)
        sittings.begin_like(quiz, before=before)
    else:
        quiz = service.again_with_misses(db, user=user, quiz=before, rng=rng, now=now)
    get_db().commit()
    return redirect(url_for("practice.show", quiz_id=quiz.id, position=1))


def _sent() -> tuple[Given, str]:
    """The answer that the form of a question has, and what is wrong with it; empty if nothing is."""
    form = AnswerForm()
    error = "" if form.validate() else first_error(form)
    said = form.confidence.data
    given = Given(
        choices=form.choices.data or [],
        text=form.text.data or form.line.data or "",
        parts=form.parts.data or [],
        is_unknown=form.unknown.data,
        confidence=Confidence(said) if said in set(Confidence) else None,
    )
    return given, error


def _left(attempt: Attempt, given: Given, *, to: str) -> Response:
    """Keep what was typed into a question that is not answered, and go to the address `to`."""
    drafts.keep(get_db(), attempt=attempt, given=given)
    get_db().commit()
    return redirect(to)


def _refusal(attempt: Attempt, refused: Invalid) -> str:
    """What is said of an answer that was refused: in a test one is on another page by then."""
    is_test = waits_for_answers(attempt.quiz_session)
    return f"Question {attempt.position} has no answer yet. {refused}" if is_test else str(refused)


def _asked_to(attempt: Attempt) -> str:
    """The address to go to after an answer: in a test where the learner asked to, else its verdict or the next one."""
    quiz = attempt.quiz_session
    if not waits_for_answers(quiz):
        return (
            _url(quiz, attempt.position) if quiz.mode is Mode.PRACTICE else url_for("practice.result", quiz_id=quiz.id)
        )
    if quiz.mode is Mode.INTERVIEW:
        return _url(quiz, next_position(quiz))
    position = attempt.position + {"next": 1, "previous": -1}.get(request.form.get("go", ""), 0)
    if request.form.get("go") == "all" or position > len(quiz.attempts):
        return url_for("practice.questions", quiz_id=quiz.id)
    return _url(quiz, max(1, position))


def _quiz(quiz_id: UUID) -> QuizSession:
    return service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id)


def _url(quiz: QuizSession, position: int) -> str:
    """The address of a question's page; past the last one that of the result, or of what is to be handed in."""
    if position > len(quiz.attempts):
        return url_for("practice.questions" if waits_for_answers(quiz) else "practice.result", quiz_id=quiz.id)
    return url_for("practice.show", quiz_id=quiz.id, position=position)


def _choose_form() -> ChooseForm:
    form, now = ChooseForm(), clock.now()
    notes = notes_to_choose(get_db(), user=current_user())
    form.note.choices = [SelectChoice(note.key, note.title) for note in notes]
    tags = question_filter.tags(get_db(), user=current_user(), now=now)
    form.tag.choices = [SelectChoice(tag, tag) for tag in tags]
    chosen = {name: request.values.getlist(name) for name in ("note", "concept")}
    chosen["note"] = [key for key in chosen["note"] if key in {note.key for note in notes}]
    concepts = question_filter.concepts(
        get_db(), user=current_user(), notes=chosen["note"], chosen=chosen["concept"], now=now
    )
    form.concept.choices = [SelectChoice(one.key, one.plain) for one in concepts]
    return form


def _choose_page(form: ChooseForm) -> str:
    unfinished = queries.open_quizzes(get_db(), user=current_user(), now=clock.now())
    offer = offer_in(get_db(), user=current_user(), form=form, now=clock.now())
    return render_template("quiz/choose.html", form=form, unfinished=unfinished, offer=offer)
