"""Who is in a class: its learners join and leave, its teachers invite them."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.classes import service
from quizapp.classes.forms import ClassLinkForm, NamesForm
from quizapp.classes.queries import class_page, own_classes, teacher_names
from quizapp.errors import Conflict, Invalid
from quizapp.web.application import current_settings
from quizapp.web.database import get_db, only_reading
from quizapp.web.templating import plural

_LINK = "class_link"  # in the session: the class and the token of a link that has just been made


@audience(Audience.LEARNER)
def index() -> str:
    """The classes that one is in, or invited into."""
    return render_template("classes/index.html", classes=own_classes(get_db(), user=current_user()))


@audience(Audience.LEARNER)
def show_people(class_id: UUID) -> str:
    """Who is in a class, for its teachers. Shows a link that was made just now."""
    made_for, token = session.get(_LINK, ("", None))
    if made_for != class_id.hex:
        return _page(class_id)
    session.pop(_LINK)
    return _page(class_id, token=token)


@audience(Audience.LEARNER)
def show_link(token: str) -> str:
    """The page of a link into a class."""
    study_class = service.class_of_link(get_db(), token=token, now=clock.now())
    teachers = teacher_names(get_db(), class_id=study_class.id)
    return render_template("classes/join.html", study_class=study_class, teachers=teachers, token=token)


@audience(Audience.LEARNER)
def join(token: str) -> Response:
    """Join by a link."""
    class_id = service.join_by_link(get_db(), token=token, user=current_user(), now=clock.now())
    get_db().commit()
    return _to_class(class_id)


@audience(Audience.LEARNER)
def accept(class_id: UUID) -> Response:
    """Join where one was invited by name."""
    service.accept(get_db(), class_id=class_id, user=current_user(), now=clock.now())
    get_db().commit()
    return _to_class(class_id)


@audience(Audience.LEARNER)
def leave(class_id: UUID) -> Response:
    """Leave a class, or decline an invitation."""
    name = service.leave(get_db(), class_id=class_id, user=current_user())
    get_db().commit()
    flash(f"You are not in {name}. Its teachers see nothing of you any more.", "good")
    return redirect(url_for("classes.index"))


@audience(Audience.LEARNER)
def invite(class_id: UUID) -> Response | tuple[str, int]:
    """Invite people by name."""
    form, db, teacher = NamesForm(), get_db(), current_user()
    if not form.validate():
        return _page(class_id, names=form), HTTPStatus.BAD_REQUEST
    try:
        new = service.invite_by_name(db, class_id=class_id, names=form.listed(), teacher=teacher, now=clock.now())
    except (Invalid, Conflict) as error:
        db.rollback()
        form.names.errors = [str(error)]
        return _page(class_id, names=form), error.status
    db.commit()
    flash(f"{plural(new, 'person is', 'people are')} invited. They find it on Today, and join by themselves.", "good")
    return _back(class_id)


@audience(Audience.LEARNER)
def make_link(class_id: UUID) -> Response | tuple[str, int]:
    """Make a link into the class and show it once."""
    form, db, teacher = ClassLinkForm(), get_db(), current_user()
    if not form.validate():
        return _page(class_id, link=form), HTTPStatus.BAD_REQUEST
    days, uses = form.days.data or 0, form.uses.data or 0
    try:
        token = service.make_class_link(db, class_id=class_id, days=days, uses=uses, teacher=teacher, now=clock.now())
    except (Invalid, Conflict) as error:
        db.rollback()
        form.uses.errors = [str(error)]
        return _page(class_id, link=form), error.status
    db.commit()
    session[_LINK] = (class_id.hex, token)
    return _back(class_id)


@audience(Audience.LEARNER)
def end_link(class_id: UUID, link: int) -> Response:
    """Let nobody join by a link any more."""
    service.end_class_link(get_db(), class_id=class_id, link_id=link, teacher=current_user(), now=clock.now())
    get_db().commit()
    return _back(class_id)


@audience(Audience.LEARNER)
def take_out(class_id: UUID, learner: UUID) -> Response:
    """Take a learner out, or an invitation back."""
    service.take_out(get_db(), class_id=class_id, learner_id=learner, teacher=current_user(), now=clock.now())
    get_db().commit()
    return _back(class_id)


def _to_class(class_id: UUID) -> Response:
    return redirect(url_for("classes.show", class_id=class_id))


def _back(class_id: UUID) -> Response:
    return redirect(url_for("classes.show_people", class_id=class_id))


def _page(
    class_id: UUID, *, names: NamesForm | None = None, link: ClassLinkForm | None = None, token: str | None = None
) -> str:
    with only_reading():
        study_class = service.taught(get_db(), class_id=class_id, user=current_user())
        address = f"{current_settings().public_url}/classes/join/{token}" if token is not None else None
        return render_template(
            "classes/people.html",
            page=class_page(get_db(), study_class=study_class, now=clock.now()),
            names=names or NamesForm(formdata=None),
            link=link or ClassLinkForm(formdata=None),
            address=address,
        )
