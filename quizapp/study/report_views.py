"""Where learners report a mistake in a question or a lab, and read what became of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, local_path
from quizapp.catalogue.articles.lab_links import slug_at
from quizapp.catalogue.models import KEY_MAX_CHARS, Question
from quizapp.catalogue.question_shape import wording_of
from quizapp.catalogue.reports.service import BadReport, Complaint, report, reportable
from quizapp.study.own_reports_page import reports_page
from quizapp.study.report_forms import ReportForm
from quizapp.study.report_page import answer_given, report_page
from quizapp.web.database import get_db, only_reading

THANKS = (
    "Thanks. An editor reads it{}. What becomes of it is told on Today, and stands under Your reports in your account."
)
CHOOSE = "Choose what is the matter."


@audience(Audience.LEARNER)
def show_own() -> str:
    """What the learner has reported, with what editors say."""
    return render_template("reports/own.html", reports=reports_page(get_db(), user=current_user()))


@audience(Audience.LEARNER)
def new() -> str:
    """The form for the question `?question=` or the lab `?lab=`; `?came_from=`, `?back=`: where one was."""
    question = _question(request.args)
    wording = wording_of(question)
    shown = {name: request.args.get(name, "") for name in ("question", "lab", "came_from", "back")}
    texts = {"rev": question.rev, "prompt": wording.prompt, "answer": wording.answer}
    return _page(question, ReportForm(formdata=None, data={**shown, **texts}))


@audience(Audience.LEARNER)
def suggest() -> str:
    """The form of `new` with what was chosen and typed of it before; nothing is stored."""
    typed, question = ReportForm(), _question(request.form)
    wording, kept = wording_of(question), ("question", "lab", "came_from", "back", "kind", "words")
    texts = {"rev": question.rev, "prompt": wording.prompt, "answer": wording.answer}
    return _page(question, ReportForm(formdata=None, data={**{name: typed[name].data for name in kept}, **texts}))


@audience(Audience.LEARNER)
def send() -> Response | tuple[str, int]:
    """Store a report and go back; the form again, with what is missing."""
    form = ReportForm()
    is_fit, kind, question = form.validate(), form.problem, _question(request.form)
    if kind is None:
        form.kind.errors = [CHOOSE]
    if not is_fit or kind is None:
        return _again(question, form)
    complaint = Complaint(
        kind=kind,
        words=form.words.data or "",
        prompt=request.form.get("prompt"),
        answer=request.form.get("answer"),
        options=form.options(request.form),
        rev=form.rev.data,
    )
    given = answer_given(get_db(), user=current_user(), question=question, came_from=form.place)
    try:
        report(
            get_db(),
            user=current_user(),
            question=question,
            came_from=form.place,
            complaint=complaint,
            answer=given,
            now=clock.now(),
        )
    except BadReport as error:
        form.words.errors = [str(error)]
        return _again(question, form)
    get_db().commit()
    flash(THANKS.format(" with your answer" if given else ""), "good")
    back = form.back.data
    return redirect(local_path(back) if back else url_for("reports.show_own"))


def _question(named: Any) -> Question:
    lab = named.get("lab", "")
    slug = slug_at(get_db(), address=lab) if 0 < len(lab) <= KEY_MAX_CHARS and lab.isprintable() else None
    return reportable(get_db(), key=named.get("question", ""), slug=slug or lab)


def _again(question: Question, form: ReportForm) -> tuple[str, int]:
    """The form with what was typed; the texts where the form before it had none."""
    wording = wording_of(question)
    for name in ("prompt", "answer"):
        if name not in request.form:
            form[name].data = getattr(wording, name)
    form.rev.data = question.rev
    with only_reading():
        return _page(question, form), 400


def _page(question: Question, form: ReportForm) -> str:
    back = local_path(form.back.data) if form.back.data else url_for("reports.show_own")
    typed = form.options(request.form)
    page = report_page(get_db(), user=current_user(), question=question, came_from=form.place, back=back, options=typed)
    return render_template("reports/new.html", page=page, form=form)
