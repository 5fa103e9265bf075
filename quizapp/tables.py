"""Every module with tables, for whoever asks for all tables of the database: a table is known once it is imported."""

from quizapp.accounts import models as accounts
from quizapp.catalogue import models as catalogue
from quizapp.catalogue.comments import models as comments
from quizapp.catalogue.labs import models as labs
from quizapp.catalogue.reports import models as reports
from quizapp.classes import models as classes
from quizapp.labs.proof import models as proofs
from quizapp.labs.runs import models as runs
from quizapp.quiz import models as quiz
from quizapp.review import models as review
from quizapp.search import models as search

ALL = (accounts, catalogue, comments, labs, reports, proofs, runs, quiz, review, search, classes)
