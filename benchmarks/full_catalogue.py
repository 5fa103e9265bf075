"""What a catalogue in use has beside its questions: tags, options, reports, notes of learners' own, and quizzes taken.

`big_learner` makes none of it, so that a page which reads too much of it would look as fast as one that does not.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.big_learner import AT, Opened
from quizapp import clock

TAGS = 40
OTHERS = 30  # learners
OWN_EACH = 5  # questions of a note of a learner's own
QUIZ = 10  # questions of a quiz
_NOW = AT.format("'-1 day'")
_NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most})"
_OTHER = "CAST(printf('u%015d', 1 + {n} % " + str(OTHERS) + ") AS BLOB)"
_STATEMENTS = (
    "UPDATE question SET kind = 'single' WHERE id % 4 = 2 AND kind <> 'lab'",
    "UPDATE question SET source_url = 'https://docs.example', as_of = :month WHERE id % 10 <> 3 AND kind <> 'lab'",
    """INSERT INTO choice (question_id, position, text, "right", why)
       SELECT question.id, p.value, 'Option ' || p.value, p.value = 1, 'Because.'
       FROM question, json_each('[1,2,3,4]') p WHERE kind = 'single'""",
    f"INSERT INTO tag (name) {_NUMBERS.format(most=TAGS)} SELECT 'tag-' || n FROM numbers",
    f"""INSERT INTO question_tag SELECT question.id, 1 + (question.id + p.value) % {TAGS}
        FROM question, json_each('[0,3]') p""",
    f"""INSERT INTO problem_report (user_id, question_id, came_from, kind, words, answer, reported_at, state, reply)
        SELECT {_OTHER.format(n="id")}, id, 'review', 'wrong', '', '', {_NOW}, iif(id % 3, 'taken', 'open'), ''
        FROM question WHERE id % 20 = 5""",
    f"""INSERT INTO note (key, path, title, convention, source, imported_at, retired_here, owner_id)
        {_NUMBERS.format(most=":own")}
        SELECT 'own-' || n, 'own/' || n, 'Own ' || n, 'note', 'x', {_NOW}, 0, {_OTHER.format(n="n")} FROM numbers""",
    f"""INSERT INTO question (key, kind, note_id, position, prompt, answer, must, bonus, red_flags, hints, fingerprint,
                              edited, made_here, placed_here, draft, retired_here, hidden, rev, updated_at)
        SELECT 'own-' || note.id || '-' || p.value, 'open', note.id, p.value, 'What?', 'That.', '[]', '[]', '[]', '[]',
               'own', 0, 0, 0, 0, 0, 0, 1, {_NOW}
        FROM note, json_each('[1,2,3,4,5]') p WHERE owner_id IS NOT NULL""",
    f"""INSERT INTO quiz_session (id, user_id, seed, started_at, finished_at, mode) {_NUMBERS.format(most=":quizzes")}
        SELECT CAST(printf('%016d', n) AS BLOB), :user_id, 1, {_NOW} - n * 1000000000, {_NOW}, 'practice'
        FROM numbers""",
    f"""INSERT INTO attempt (id, quiz_session_id, question_id, position, choice_order, hints_taken, for_later, verdict,
                             score, answered_at, is_first) {_NUMBERS.format(most=f":quizzes * {QUIZ}")}
        SELECT randomblob(16), CAST(printf('%016d', 1 + (n - 1) / {QUIZ}) AS BLOB), 1 + n % :questions,
               1 + (n - 1) % {QUIZ}, '[]', 0, 0, 'pass', 1, {_NOW} - n * 100000000, n <= :questions FROM numbers""",
)


def fill(big: Opened, *, questions: int) -> None:
    """Add all of that, in proportion to the questions that the database was made with."""
    values = {
        "month": f"{clock.now():%Y-%m}",
        "own": questions // (10 * OWN_EACH),
        "questions": questions,
        "quizzes": 4 * questions // QUIZ,
        "user_id": big.learner_id.bytes,
    }
    with Session(big.app.extensions["engine"]) as db:
        for statement in _STATEMENTS:
            db.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
        db.commit()
