"""The list of all the product's `flask` commands."""

from quizapp.accounts.commands import accounts
from quizapp.catalogue.commands import content
from quizapp.labs.commands import labs
from quizapp.sandboxes.commands import sandboxes
from quizapp.up import up
from quizapp.web.migrations import db

ALL = (accounts, content, db, labs, sandboxes, up)
