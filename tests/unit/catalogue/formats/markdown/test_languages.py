# ruff: noqa: RUF001  Letters and signs of other alphabets are meant.
"""Questions in other languages than English: small notes of our own."""

import pytest

from quizapp.catalogue.formats.markdown.wording import Asks, read
from tests.unit.catalogue.formats.markdown.notes_read import asked, parse

CHINESE = [("什么是缓存？", "一份副本。"), ("解释队列的作用", "先进先出。")]
WAYS = {
    "headings with numbers": "# 缓存面试题\n\n### 1. 什么是缓存？\n\n一份副本。\n\n"
    "### 2. 解释队列的作用\n\n先进先出。\n",
    "an answer in points": "# 缓存面试题\n\n## 一、基础\n\n### 1. 什么是缓存？\n**回答要点**：\n一份副本。\n\n"
    "### 2. 解释队列的作用\n**回答要点**：\n先进先出。\n",
    "question and answer by name below titles": "# 缓存\n\n## 1. 缓存\n\n**问题：** 什么是缓存？\n\n**答案：**\n\n"
    "一份副本。\n\n## 2. 队列\n\n**问题：** 解释队列的作用\n\n**答案：**\n\n先进先出。\n",
    "wide colons without blanks": "Q1：什么是缓存？\n答：一份副本。\n\nQ2：解释队列的作用\n答：先进先出。\n",
    "a table": "| 问题 | 答案 |\n|---|---|\n| 什么是缓存？ | 一份副本。 |\n| 解释队列的作用 | 先进先出。 |\n",
    "folded answers": "# 缓存面试题\n\n### 1. 什么是缓存？\n\n<details><summary>查看答案</summary>\n\n"
    "一份副本。\n\n</details>\n\n### 2. 解释队列的作用\n\n"
    "<details><summary>查看答案</summary>\n\n先进先出。\n\n</details>\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_chinese_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == CHINESE


RUSSIAN = [("Что такое кэш?", "Копия."), ("Объясните очередь", "Первым пришёл.")]
RUSSIAN_WAYS = {
    "headings": "# Вопросы на собеседовании\n\n## Содержание\n\n- [Кэш](#кэш)\n\n## 1. Что такое кэш?\n\nКопия.\n\n"
    "## 2. Объясните очередь\n\nПервым пришёл.\n",
    "by name": "**Вопрос 1:** Что такое кэш?\n\n**Правильный ответ:** Копия.\n\n**Вопрос 2:** Объясните очередь\n\n"
    "**Правильный ответ:** Первым пришёл.\n",
    "a list in a lesson": "# Урок\n\n## Теория\n\nТекст о памяти.\n\n## Контрольные вопросы\n\n1. Что такое кэш?\n"
    "   - Копия.\n2. Объясните очередь\n   - Первым пришёл.\n",
}


@pytest.mark.parametrize("way", RUSSIAN_WAYS)
def test_russian_questions_with_answers(way: str) -> None:
    found = asked(RUSSIAN_WAYS[way])
    assert [(prompt, answer.removeprefix("- ")) for prompt, answer in found] == RUSSIAN


def test_japanese_options_with_the_right_one_by_name() -> None:
    note = parse(
        "# 確認問題\n\n## 例1\n\n次のコマンドを実行するとどうなりますか。（1つ選択）\n\n"
        "A. 何も起きない\nB. 停止する\n\n"
        "**解答**\n\n正解：**B**\n\n"
        "## 例2\n\nどのコマンドで確認できますか。（1つ選択）\n\nA. `ps`\nB. `rm`\n\n**解答**\n\n正解：**A**\n"
    )
    chosen = [[choice.text for choice in one.choices if choice.right] for one in note.everything_asked]
    assert chosen == [["停止する"], ["`ps`"]]


def test_german_questions_of_an_exam_below_a_text() -> None:
    text = (
        "# Netze\n\n## Bridges\n\nEine Bridge verbindet Container.\n\n## Prüfungsfragen\n\n"
        "- Wofür ist eine Bridge da?\n"
        "- Nenne zwei Treiber.\n- Erkläre den Unterschied zu `host`.\n"
    )
    note = parse(text)
    assert len(list(note.everything_asked)) == 3
    assert [one.title for one in note.sections if one.teaches] == ["Bridges"]


def test_a_word_for_problem_names_no_question_that_does_not_ask() -> None:
    text = "# Docker 面试题\n\n## Q1：如何限制内存？\n\n用 `--memory`。\n\n问题 1：限额太低\n\n容器被杀死。\n"
    assert [prompt for prompt, _ in asked(text)] == ["如何限制内存？"]


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("What is it？", Asks.MARK),
        ("ما هي الحاوية؟", Asks.MARK),
        ("컨테이너와 이미지의 차이", Asks.OPENING),
        ("컨테이너를 설명하시오", Asks.IMPERATIVE),
        ("Dockerとは", Asks.OPENING),
        ("Qual a diferença entre imagem e container", Asks.OPENING),
        ("Liste der Befehle", Asks.NOT),
        ("Как устроен слой", Asks.OPENING),
        ("容器网络", Asks.NOT),
    ],
)
def test_how_plainly_a_line_asks(line: str, asks: Asks) -> None:
    assert read(line).asks is asks


@pytest.mark.parametrize(
    "line",
    ["**Respuesta correcta: B) host**", "**Đáp án: B**", "**Правильный ответ: B**", "**答案：B**", "**Answer: B**"],
)
def test_emphasis_goes_over_an_answers_name_and_its_letter(line: str) -> None:
    text = f"# Quiz\n\n1. Which driver has no network of its own?\n   A) bridge\n   B) host\n\n   {line}\n"
    (question,) = parse(text).everything_asked
    assert [(one.text, one.right) for one in question.choices] == [("bridge", False), ("host", True)]
