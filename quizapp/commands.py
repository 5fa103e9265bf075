"""The list of all the product's `flask` commands."""

from quizapp.admin.commands import accounts_with_roles
from quizapp.backups.commands import backup
from quizapp.labs.commands import labs
from quizapp.labs.prove_commands import content
from quizapp.monitoring.commands import doctor
from quizapp.quiz.commands import quiz
from quizapp.sandboxes.commands import sandboxes
from quizapp.search.commands import search
from quizapp.study.commands import accounts_with_deletion, review_with_export
from quizapp.up import up
from quizapp.web.migrations import db

assert accounts_with_roles is accounts_with_deletion  # one group, to which both rooms have added
ALL = (accounts_with_deletion, backup, content, db, doctor, labs, quiz, review_with_export, sandboxes, search, up)
