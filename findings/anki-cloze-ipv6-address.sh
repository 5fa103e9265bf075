#!/bin/sh
# anki: in a cloze what follows the first `::` is the hint, and an address of IPv6 has `::` in its midst. The card shows
# the end of the address in its question and only its beginning in its answer; of ::1 the answer is empty. Neither the
# editor nor an import says so: the note has a gap and is added. An Ethernet address, with single colons, is safe.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check anki==26.9.3 2> pip.log || { cat pip.log; exit 2; }
cat > cloze.py <<'EOF'
import re
from importlib.metadata import version

from anki.collection import Collection

AS_ONE_READS_IT = {"52:54:00:12:34:56": ("[...]", "52:54:00:12:34:56")}
AS_IT_IS = {"fe80::1": ("[1]", "fe80"), "::1": ("[1]", ""), "2001:db8::/32": ("[/32]", "2001:db8")}


def sides(collection: Collection, address: str) -> tuple[str, str]:
    note = collection.new_note(collection.models.by_name("Cloze"))
    note["Text"] = "from {{c1::" + address + "}} on"
    collection.add_note(note, 1)
    assert note.fields_check() == 0
    shown = note.cards()[0].render_output()
    texts = (re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL) for text in (shown.question_text, shown.answer_text))
    question, answer = (text.strip().removeprefix("from").removesuffix("on").strip() for text in texts)
    return question, answer


print("anki", version("anki"))
print("one would guess: the question hides the address, the answer shows it, or the note is refused")
collection = Collection("collection.anki2")
seen = {address: sides(collection, address) for address in AS_ONE_READS_IT | AS_IT_IS}
collection.close()
for address, (question, answer) in seen.items():
    print(f"seen of {{{{c1::{address}}}}}: question {question!r}, answer {answer!r}")
raise SystemExit(seen != AS_ONE_READS_IT | AS_IT_IS)
EOF
venv/bin/python cloze.py
