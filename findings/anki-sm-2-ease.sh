#!/bin/sh
# anki-sm-2, an SM-2 "based on Anki's" for Python, beside Anki's own scheduler: in Anki an answer Hard takes .15 from a
# card's ease, Again .2, and Easy adds .15, so a card of 2.5 has 2.35, 2.3 or 2.65 then. The package takes 15 and 20 for
# shares of the ease: 2.125, 2 and 2.875. After three Hards it is 1.535 instead of 2.05, and one Easy
# does not undo one Hard. Steps and the intervals of a new card are as in Anki.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check anki==26.9.3 anki-sm-2==0.2.0 2> pip.log || { cat pip.log; exit 2; }
cat > ease.py <<'EOF'
import time
from datetime import datetime, timezone
from importlib.metadata import version

from anki.collection import Collection
from anki.scheduler_pb2 import CardAnswer
from anki_sm_2 import Card, Rating, Scheduler

PLAYS = (["Good", "Good", "Hard"], ["Good", "Good", "Again"], ["Good", "Good", "Easy"], ["Good", "Good", "Hard", "Hard", "Hard"])


def by_anki(collection: Collection, play: list[str]) -> float:
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"] = " ".join(play)
    collection.add_note(note, 1)
    card = note.cards()[0]
    for name in play:
        states = collection._backend.get_scheduling_states(card.id)
        answer = CardAnswer(
            card_id=card.id,
            current_state=states.current,
            new_state=getattr(states, name.lower()),
            rating=CardAnswer.Rating.Value(name.upper()),
            answered_at_millis=int(time.time() * 1000),
            milliseconds_taken=1000,
        )
        collection._backend.answer_card(answer)
        card.load()
        due = collection.sched.today if card.queue == 2 else int(time.time()) - 1
        collection.db.execute("update cards set due = ? where id = ?", due, card.id)  # each answer comes when it is due
    card.load()
    return card.factor / 1000


def by_the_package(play: list[str]) -> float:
    scheduler, card, now = Scheduler(), Card(), datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
    for name in play:
        card, _ = scheduler.review_card(card, Rating[name], now)
        now = card.due
    return round(card.ease, 3)


print("anki", version("anki"), "anki-sm-2", version("anki-sm-2"))
collection = Collection("collection.anki2")
theirs = [by_anki(collection, play) for play in PLAYS]
collection.close()
seen = [by_the_package(play) for play in PLAYS]
for play, anki, found in zip(PLAYS, theirs, seen):
    print(f"{', '.join(play)}: one would guess an ease of {anki}, as in Anki; seen {found}")
raise SystemExit(theirs != [2.35, 2.3, 2.65, 2.05] or seen != [2.125, 2.0, 2.875, 1.535])
EOF
venv/bin/python ease.py
