#!/bin/sh
# pygiftparser, which reads Moodle's GIFT files for Python: the name of a category ends at its first sign that is no letter,
# digit, underscore, slash or dollar sign. So `Linux basics` and `Linux networks` are both `Linux`, and the questions of the
# two are in one category; `user-names` is `user`. And what GIFT has to escape stays escaped in a question's text and in its
# answers: the template \{\{.Names\}\} keeps its backslashes, and fe80\:\:1 is an answer that nobody types. Only in the HTML that
# it makes of a question are they gone. Moodle, whose format this is, undoes each of them.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pygiftparser==1.1 2> pip.log || { cat pip.log; exit 2; }
cat > bank.gift <<'EOF'
$CATEGORY: $course$/Linux basics

::names:: What does docker ps --format '\{\{.Names\}\}' show? {=names ~images}

$CATEGORY: $course$/Linux networks

::link:: Which address begins with the prefix of a link? {=fe80\:\:1 ~2001\:db8\:\:1}

$CATEGORY: $course$/user-names

::root:: Who has the number 0? {=root}
EOF
cat > read.py <<'EOF'
from importlib.metadata import version

from pygiftparser import parser

print("pygiftparser", version("pygiftparser"))
names, link, root = parser.parseFile(open("bank.gift"))
categories = [question.cat for question in (names, link, root)]
answers = [answer.answer for answer in link.answers.answers]
print("one would guess: $course$/Linux basics, $course$/Linux networks, $course$/user-names")
print("seen:           ", ", ".join(categories))
print("one would guess: What does docker ps --format '{{.Names}}' show?\nseen:           ", names.text)
print("one would guess: fe80::1, 2001:db8::1\nseen:           ", ", ".join(answers))
known = categories == ["$course$/Linux", "$course$/Linux", "$course$/user"]
known = known and r"'\{\{.Names\}\}'" in names.text and answers == [r"fe80\:\:1", r"2001\:db8\:\:1"]
raise SystemExit(not known)
EOF
venv/bin/python read.py
