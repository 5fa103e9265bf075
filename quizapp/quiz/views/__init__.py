"""The pages of a sitting and those that lead to one: Today, notes, practice and hands-on questions."""

from quizapp.quiz.views import command_labs, hands_on, notes, practice, predictions, today

ALL = (today, notes, practice, hands_on, command_labs, predictions)
