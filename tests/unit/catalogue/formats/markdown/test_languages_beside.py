# ruff: noqa: RUF001  Letters and signs of other alphabets are meant.
"""More ways in which other languages than English ask: names, fields, orders."""

import pytest

from quizapp.catalogue.formats.markdown.wording import Asks, read
from tests.unit.catalogue.formats.markdown.notes_read import asked, parse, right


@pytest.mark.parametrize("name", ["第 {} 題 【單選題】", "第{}题（单选题）", "第 {} 問"])
def test_chinese_questions_may_be_counted_before_the_word(name: str) -> None:
    part = "## {}\n\n**中文：**\n{}\n\n**選項：**\n- A. 紅茶\n- B. 綠茶\n\n**正確答案：{}**\n\n**解析：**\n不發酵。\n\n"
    note = (
        "# 茶題庫\n\n"
        + part.format(name.format(1), "哪一種不發酵？", "B")
        + part.format(name.format(2), "哪個發酵？", "A")
    )
    assert right(note) == [("**中文：**\n哪一種不發酵？", ["綠茶"]), ("**中文：**\n哪個發酵？", ["紅茶"])]
    assert [answer for _, answer in asked(note)] == ["不發酵。", "不發酵。"]


def test_japanese_fields_are_one_question() -> None:
    note = "# 茶\n\n## 問題\n緑茶はどれ？\n\n## 選択肢\n1. 煎茶\n2. 紅茶\n\n## 正解\n1\n\n## 解説\n発酵させない。\n"
    assert right(note) == [("緑茶はどれ？", ["煎茶"])]
    assert asked(note)[0][1] == "発酵させない。"


@pytest.mark.parametrize(
    "order", ["설명해주세요.", "소개해 주세요.", "정의하시오.", "비교하라", "말해보세요", "구현해요."]
)
def test_korean_orders_ask(order: str) -> None:
    assert read(f"차의 종류를 {order}").asks is Asks.IMPERATIVE


def test_a_korean_list_of_orders_asks_in_a_note_of_nothing_else() -> None:
    items = [f"차 {number}를 소개해주세요." for number in range(1, 6)]
    note = "".join(f"{number}. {item}\n" for number, item in enumerate([*items, "차가 무엇인가요?"], start=1))
    assert [prompt for prompt, _ in asked(note)] == [*items, "차가 무엇인가요?"]


@pytest.mark.parametrize("heading", ["설명하는 그림", "소개팅 이야기"])
def test_other_korean_words_with_these_letters_do_not(heading: str) -> None:
    assert read(heading).asks is Asks.NOT


def test_headings_of_two_levels_with_nothing_below_ask_on_both() -> None:
    deep = "".join(f"### {word}是什么？\n\n### {word}的种类\n\n" for word in ("茶", "水", "火"))
    note = f"# 厨房\n\n## 基础\n\n{deep}" + "".join(f"## {word}怎么用\n\n" for word in ("锅", "刀", "碗", "盘", "勺"))
    assert len(asked(note)) == 11
    assert [section.title for section in parse(note).sections if section.teaches] == []
