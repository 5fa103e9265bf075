"""A teacher looks on at a learner's terminal, each in a browser of their own. The host is a fake."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.classes.models import ClassMember, StudyClass
from quizapp.labs import wiring
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from tests.browser import axe
from tests.conftest import make_settings, quick_app
from tests.lab_builders import add_lab, set_right
from tests.serving import served
from tests.web.study.hands_on.conftest import Learner

pytestmark = pytest.mark.browser

TEACHER = "Tess of the long evenings"


@pytest.fixture
def pages(browser: Browser, migrated_sqlite: Path, tmp_path: Path) -> Iterator[tuple[Page, Page]]:
    """The learner's page of a run at which she lets her teacher look on, and the teacher's page of it."""
    shutil.copy(migrated_sqlite, tmp_path)
    settings = make_settings(tmp_path).model_copy(update={"engine": ""})
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        app, cookies, paths = thread.submit(_build, settings).result()
    with served(app) as port:
        address = f"http://127.0.0.1:{port}"
        contexts = [browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}) for _ in cookies]
        opened = []
        for context, cookie, path in zip(contexts, cookies, paths, strict=True):
            context.add_cookies([{"name": "quizapp", "value": cookie, "url": address}])
            opened.append(context.new_page())
            opened[-1].goto(path)
        yield opened[0], opened[1]
        for context in contexts:
            context.close()
    app.extensions["engine"].dispose()


def _build(settings: Settings) -> tuple[Flask, list[str], list[str]]:
    app, sandboxes, now = quick_app(settings), FakeSandboxClient(now=clock.now), clock.now()
    set_right(sandboxes)
    wiring.init_app(app, settings, sandboxes=sandboxes, workshop=lambda: nullcontext(sandboxes))
    with Session(app.extensions["engine"]) as db:
        people = [accounts.add_user(db, name=name, role=Role.LEARNER, now=now) for name in ("Ada", TEACHER)]
        tokens = [accounts.sign_in(db, user=user, life=timedelta(hours=1), now=now) for user in people]
        add_lab(db)
        taught = StudyClass(name="Containers", zone="UTC", made_at=now)
        db.add(taught)
        db.flush()
        for user in people:
            is_teacher = user.name == TEACHER
            db.add(ClassMember(class_id=taught.id, user_id=user.id, is_teacher=is_teacher, joined_at=now))
        db.commit()
        class_id = taught.id
    clients = [app.test_client() for _ in tokens]
    for client, token in zip(clients, tokens, strict=True):
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
    learner = Learner(clients[0])
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/onlooking")
    kept = [client.get_cookie("quizapp") for client in clients]
    cookies = [one.value for one in kept if one]
    return app, cookies, [run, f"/classes/{class_id}/terminals/{run.split('/')[-1]}"]


def test_whoever_is_watched_sees_it_in_full_screen_too_and_ends_it(pages: tuple[Page, Page]) -> None:
    learner, teacher = pages
    notice = learner.get_by_text(f"{TEACHER} is looking on.")
    expect(notice).to_be_in_viewport()
    learner.locator(".xterm-helper-textarea").focus()
    learner.keyboard.insert_text("docker ps")
    expect(teacher.locator(".xterm-rows")).to_contain_text("docker ps")
    teacher.locator(".xterm-helper-textarea").focus()
    teacher.keyboard.insert_text("rm -rf")
    learner.locator(".xterm-helper-textarea").focus()
    learner.keyboard.insert_text(" -a")
    expect(learner.locator(".xterm-rows")).to_contain_text("docker ps -a")
    expect(learner.locator(".xterm-rows")).not_to_contain_text("rm")
    whole = learner.get_by_role("button", name="Full screen")
    whole.click()
    for width, height in ((1280, 900), (740, 360), (360, 740)):
        learner.set_viewport_size({"width": width, "height": height})
        expect(notice).to_be_in_viewport()
        expect(learner.get_by_role("button", name="End looking on")).to_be_in_viewport()
    assert axe.named(axe.findings(learner)) == []
    learner.get_by_role("button", name="End looking on").click()
    expect(learner.get_by_role("button", name=f"Let {TEACHER} look on")).to_be_visible()
    expect(teacher.get_by_text("The learner ended this")).to_be_visible()
