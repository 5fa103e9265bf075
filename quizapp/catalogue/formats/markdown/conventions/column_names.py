"""What columns of questions and of answers are called, in Markdown and in HTML, in lower case. Pure."""

QUESTIONS = frozenset({"question", "questions", "q", "front", "prompt", "interview question"})
ANSWERS = frozenset({"answer", "answers", "a", "back", "response", "solution", "short answer"})
