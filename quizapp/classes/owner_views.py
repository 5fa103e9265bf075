"""Where an owner makes classes and names their teachers."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.classes import managing
from quizapp.classes.forms import ClassForm, DeleteClassForm, TeacherForm
from quizapp.classes.queries import class_page, managed_classes
from quizapp.errors import Invalid
from quizapp.web.database import get_db, only_reading


@audience(Audience.OWNER)
def index() -> str:
    """All classes."""
    return _list(ClassForm(formdata=None, zone=current_user().zone))


@audience(Audience.OWNER)
def make() -> Response | tuple[str, int]:
    """Make a class, and go to its page."""
    form = ClassForm()
    if not form.validate():
        return _list(form), HTTPStatus.BAD_REQUEST
    try:
        made = managing.make_class(
            get_db(), name=form.name.data or "", zone=form.zone.data, owner=current_user(), now=clock.now()
        )
    except Invalid as error:
        get_db().rollback()
        form.name.errors = [str(error)]
        return _list(form), HTTPStatus.BAD_REQUEST
    get_db().commit()
    return _back(made.id)


@audience(Audience.OWNER)
def show(managed: UUID) -> str:
    """One class: its name, its zone and its teachers."""
    return _page(managed)


@audience(Audience.OWNER)
def set_name(managed: UUID) -> Response | tuple[str, int]:
    """Store name and zone."""
    form, study_class = ClassForm(), managing.managed_class(get_db(), class_id=managed)
    if not form.validate():
        return _page(managed, form=form), HTTPStatus.BAD_REQUEST
    try:
        managing.set_name(study_class, name=form.name.data or "", zone=form.zone.data)
    except Invalid as error:
        get_db().rollback()
        form.name.errors = [str(error)]
        return _page(managed, form=form), HTTPStatus.BAD_REQUEST
    get_db().commit()
    flash("Saved.", "good")
    return _back(managed)


@audience(Audience.OWNER)
def name_teacher(managed: UUID) -> Response | tuple[str, int]:
    """Make somebody a teacher."""
    form = TeacherForm()
    if not form.validate():
        return _page(managed, teacher=form), HTTPStatus.BAD_REQUEST
    db, owner, now = get_db(), current_user(), clock.now()
    try:
        user = managing.name_teacher(db, class_id=managed, name=form.teacher.data or "", owner=owner, now=now)
    except Invalid as error:
        db.rollback()
        form.teacher.errors = [str(error)]
        return _page(managed, teacher=form), HTTPStatus.BAD_REQUEST
    db.commit()
    flash(f"{user.name} is a teacher of this class now.", "good")
    return _back(managed)


@audience(Audience.OWNER)
def end_teacher(managed: UUID, user_id: UUID) -> Response:
    """Let somebody be a teacher no more."""
    managing.end_teacher(get_db(), class_id=managed, user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    return _back(managed)


@audience(Audience.OWNER)
def delete(managed: UUID) -> Response | tuple[str, int]:
    """Delete a class, once its owner has ticked that this is meant."""
    form = DeleteClassForm()
    if not form.validate() or not form.sure.data:
        form.sure.errors = ["Tick that you are sure."]
        return _page(managed, deletion=form), HTTPStatus.BAD_REQUEST
    name = managing.delete_class(get_db(), class_id=managed, owner=current_user(), now=clock.now())
    get_db().commit()
    flash(f"The class {name} is deleted. What its learners learnt stays theirs.", "good")
    return redirect(url_for("managed_classes.index"))


def _back(class_id: UUID) -> Response:
    return redirect(url_for("managed_classes.show", managed=class_id))


def _list(form: ClassForm) -> str:
    with only_reading():
        return render_template("classes/managed.html", classes=managed_classes(get_db()), form=form)


def _page(
    class_id: UUID,
    *,
    form: ClassForm | None = None,
    teacher: TeacherForm | None = None,
    deletion: DeleteClassForm | None = None,
) -> str:
    with only_reading():
        study_class = managing.managed_class(get_db(), class_id=class_id)
        page = class_page(get_db(), study_class=study_class, now=clock.now())
        return render_template(
            "classes/manage.html",
            page=page,
            form=form or ClassForm(formdata=None, name=page.name, zone=page.zone),
            teacher=teacher or TeacherForm(formdata=None),
            deletion=deletion or DeleteClassForm(formdata=None),
        )
