"""A class with what is assigned, and how its learners come along with it."""

from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import User
from quizapp.classes import assigning, progress_file, service
from quizapp.classes.forms import AssignForm
from quizapp.classes.onlooking import open_to
from quizapp.classes.progress_page import class_progress, learner_progress
from quizapp.classes.queries import teacher_names
from quizapp.errors import Conflict, Invalid
from quizapp.web.database import get_db, only_reading


@audience(Audience.LEARNER)
def show(class_id: UUID) -> str:
    """A class: for its teachers how all come along, for a learner what is assigned and what teachers see of them."""
    return _page(class_id)


@audience(Audience.LEARNER)
def show_learner(class_id: UUID, learner: UUID) -> str:
    """How one learner comes along, for the teachers of the class and for that learner."""
    db, user = get_db(), current_user()
    study_class = service.membership(db, class_id=class_id, user=user).study_class
    if learner != user.id:
        service.taught(db, class_id=class_id, user=user)
    someone = db.get(User, learner)
    if someone is None or service.membership(db, class_id=class_id, user=someone, as_teacher=False).joined_at is None:
        raise service.NoSuchClass
    progress = learner_progress(db, study_class=study_class, learner=someone, zone=user.zone, now=clock.now())
    return render_template("classes/learner.html", study_class=study_class, progress=progress)


@audience(Audience.LEARNER)
def export(class_id: UUID) -> Response:
    """The progress of all learners as a file."""
    study_class = service.taught(get_db(), class_id=class_id, user=current_user())
    progress = class_progress(get_db(), study_class=study_class, now=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="progress.csv"'}
    return Response("".join(progress_file.text(progress)), headers=headers, content_type="text/csv; charset=utf-8")


@audience(Audience.LEARNER)
def assign(class_id: UUID) -> Response | tuple[str, int]:
    """Assign something, or give what is assigned other days."""
    form, db, teacher = AssignForm(), get_db(), current_user()
    service.taught(db, class_id=class_id, user=teacher)
    form.offer(())
    if not form.validate() or form.first.data is None:
        return _page(class_id, form=form), HTTPStatus.BAD_REQUEST
    value, first, last = form.what.data or "", form.first.data, form.last.data
    try:
        title = assigning.assign(
            db, class_id=class_id, value=value, first=first, last=last, teacher=teacher, now=clock.now()
        )
    except (Invalid, Conflict) as error:
        db.rollback()
        form.what.errors = [str(error)]
        return _page(class_id, form=form), error.status
    db.commit()
    flash(f"Assigned: {title}.", "good")
    return redirect(url_for("classes.show", class_id=class_id))


@audience(Audience.LEARNER)
def take_back(class_id: UUID, assigned: int) -> Response:
    """Assign something no longer."""
    assigning.take_back(get_db(), class_id=class_id, assigned_id=assigned, teacher=current_user(), now=clock.now())
    get_db().commit()
    return redirect(url_for("classes.show", class_id=class_id))


def _page(class_id: UUID, *, form: AssignForm | None = None) -> str:
    with only_reading():
        db, now, user = get_db(), clock.now(), current_user()
        member = service.membership(db, class_id=class_id, user=user)
        study_class = member.study_class
        if not member.is_teacher:
            teachers, progress = teacher_names(db, class_id=class_id), None
            if member.joined_at is not None:
                progress = learner_progress(db, study_class=study_class, learner=user, zone=user.zone, now=now)
            return render_template("classes/own.html", member=member, teachers=teachers, progress=progress)
        progress_of_all = class_progress(db, study_class=study_class, now=now)
        form = form or AssignForm(formdata=None, first=now.astimezone(ZoneInfo(study_class.zone)).date())
        form.offer(assigning.assignable(db))
        shown = open_to(db, class_id=class_id, teacher_id=user.id)
        return render_template(
            "classes/taught.html", study_class=study_class, progress=progress_of_all, form=form, terminals=shown
        )
