"""What an editor waits for: the list of questions, and a save; the processor's time of requests without sockets."""

import re
from html import unescape
from statistics import quantiles

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.big_learner import NOTES, Opened, opened
from benchmarks.flat import counted, cpu_ms, signed_in
from benchmarks.rows import Row, beside
from quizapp.quiz.figures import kept_figures

ROUNDS = 60
WARM_UP = 5
FEW, MANY = 100, 10_000  # questions of the list
SMALL_NOTE, LARGE_NOTE = 5, 500  # questions of the note in which one is saved
KEY = "q-1"
ANSWERS_EACH = 40  # first answers to each question: enough for what they say of it to count
QUIZ = 10  # questions of a quiz
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :most - 1)"
QUIZZES = f"""
    INSERT INTO quiz_session (id, user_id, seed, started_at, finished_at, mode)
    {NUMBERS} SELECT CAST(printf('%016d', n) AS BLOB), :user_id, 1, 1, 1, 'practice' FROM numbers
"""
# How many are right depends on who sits the quiz, but for one question in ten, which tells nothing.
ANSWERS = f"""
    INSERT INTO attempt (id, quiz_session_id, question_id, position, choice_order, hints_taken, for_later, verdict,
                         score, answered_at, is_first)
    {NUMBERS}, drawn AS MATERIALIZED (
        SELECT n, n / {QUIZ} AS quiz, 1 + (n / {QUIZ} * 7919 + n % {QUIZ} * 1013) % :questions AS question_id,
               abs(random() % 1000) AS chance
        FROM numbers
    )
    SELECT randomblob(16), CAST(printf('%016d', quiz) AS BLOB), question_id, 1 + n % {QUIZ}, '[]', 0, 0, 'pass',
           chance < 200 + iif(question_id % 10, quiz * 31 % 600, 300), n, 1
    FROM drawn
"""
SCORED = """
    INSERT INTO question_difficulty (question_id, value, answers, scored, score, counted)
    SELECT question_id, 0, count(*), count(*), sum(score), 0 FROM attempt GROUP BY question_id
"""


def content_list() -> list[Row]:
    """The list with 10,000 questions beside 100, its worst page and order: the 95th of 100."""
    taken = {}
    for size in (FEW, MANY):
        with opened(size) as big:
            client = signed_in(big)
            pages = ("/content", f"/content?page={size // 50}", "/content?sort=changed", "/content?stage=published")
            taken[size] = {page: _p95([_get(client, page) for _ in range(WARM_UP + ROUNDS)]) for page in pages}
    worst = max(taken[MANY].values())
    said = ", ".join(f"{value:.1f} ms" for value in taken[MANY].values())
    note = f"p95; first page, last page, by change, by stage: {said}"
    return [beside("content-list-10k", value=worst, baseline=max(taken[FEW].values()), unit="ms", note=note)]


def by_need() -> list[Row]:
    """The list by what most needs an editor, with 40 first answers to each question, likewise."""
    taken = {}
    for size in (FEW, MANY):
        with opened(size) as big:
            _answer(big, questions=size)
            client = signed_in(big)
            taken[size] = _p95([_get(client, "/content?sort=needs") for _ in range(WARM_UP + ROUNDS)])
    note = f"p95; {MANY * ANSWERS_EACH:,} answers"
    return [beside("content-list-10k-by-need", value=taken[MANY], baseline=taken[FEW], unit="ms", note=note)]


def save() -> list[Row]:
    """A save of one question in a note of 500 beside a note of 5."""
    small, large = (_saved(size * NOTES) for size in (SMALL_NOTE, LARGE_NOTE))
    more = large[1] - small[1]
    note = f"p95; {large[1]} statements, {more} more than in a note of {SMALL_NOTE}"
    return [beside("save-in-500", value=large[0], baseline=small[0], unit="ms", note=note)]


def _saved(questions: int) -> tuple[float, int]:
    """The time of a save, and its statements."""
    with opened(questions) as big:
        client = signed_in(big)
        taken = [_save(big, client, number) for number in range(WARM_UP + ROUNDS)]
    return _p95([ms for ms, _ in taken]), taken[-1][1]


def _save(big: Opened, client: FlaskClient, number: int) -> tuple[float, int]:
    address = f"/content/questions/{KEY}"
    page = client.get(address).text
    form = page[page.index('id="editor"') :]
    hidden = re.findall(r'<input[^>]* name="(csrf_token|rev|opened)"[^>]* value="([^"]*)"', form)
    sent = {name: unescape(value) for name, value in hidden}
    sent |= {"prompt": f"What is number {number}?", "answer": "A number."}
    with counted(big.app.extensions["engine"]) as statements:
        taken = cpu_ms(lambda: _sent(client, address, sent))
        return taken, len(statements)


def _sent(client: FlaskClient, address: str, sent: dict[str, str]) -> None:
    assert client.post(address, data=sent).status_code == 302


def _answer(big: Opened, *, questions: int) -> None:
    """First answers to all questions, in quizzes of QUIZ."""
    most = questions * ANSWERS_EACH
    with Session(big.app.extensions["engine"]) as db:
        db.execute(text(QUIZZES), {"most": most // QUIZ, "user_id": big.learner_id.bytes})
        db.execute(text(ANSWERS), {"most": most, "questions": questions})
        db.execute(text(SCORED))
        kept_figures.recount(db)
        db.commit()


def _get(client: FlaskClient, page: str) -> float:
    return cpu_ms(lambda: client.get(page))


def _p95(taken: list[float]) -> float:
    return quantiles(taken[WARM_UP:], n=20)[-1]
