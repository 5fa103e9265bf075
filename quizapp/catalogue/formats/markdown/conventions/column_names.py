"""What columns of questions and of answers are called, in Markdown and in HTML, in lower case. Pure."""

from quizapp.catalogue.formats.markdown.languages import ANSWER_FIELDS, QUESTION_FIELDS

QUESTIONS = frozenset({"question", "questions", "q", "front", "prompt", "interview question"}) | frozenset(
    QUESTION_FIELDS
)
ANSWERS = frozenset({"answer", "answers", "a", "back", "response", "solution", "short answer"}) | frozenset(
    ANSWER_FIELDS
)
