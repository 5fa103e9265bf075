"""The list of all the product's `flask` commands."""

from quizapp.accounts.commands import accounts
from quizapp.backups.commands import backup
from quizapp.catalogue.commands import content
from quizapp.labs.commands import labs
from quizapp.review.commands import review
from quizapp.sandboxes.commands import sandboxes
from quizapp.up import up
from quizapp.web.migrations import db

ALL = (accounts, backup, content, db, labs, review, sandboxes, up)
