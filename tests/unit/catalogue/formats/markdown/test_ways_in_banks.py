"""What tells the questions of a bank from what stands beside and below them: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, teaching

PROMPTS = {
    "advice below a heading asks nothing": (
        "# Cooking interview questions\n\n## 1. What is a roux?\n\nFlour and fat.\n\n## 2. Why rest meat?\n\n"
        "The juice.\n\n## 3. What is zest?\n\nPeel.\n\n## Interview tips\n\n- Explain with a dish\n- Define terms\n",
        ["What is a roux?", "Why rest meat?", "What is zest?"],
    ),
    "how to use the list is no question": (
        "# Cooking questions\n\n## How to approach a cooking interview\n\n1. **Taste** - sweet? sour? what else?\n"
        "2. **Describe** - in one line\n\n## What is a roux?\n\nFlour.\n\n## What is zest?\n\nPeel.\n",
        ["What is a roux?", "What is zest?"],
    ),
    "how to use a thing is one": (
        "# Cooking questions\n\n### How to use a whisk\n\nFast.\n\n### What is zest?\n\nPeel.\n",
        ["How to use a whisk", "What is zest?"],
    ),
    "numbers that go on from list to list": (
        "# Cooking questions\n\n## Basics\n\n1. What is a roux?\n2. What is zest?\n\n## In the kitchen\n\n"
        "3. The sauce is lumpy\n4. The pan is on fire\n",
        ["What is a roux?", "What is zest?", "The sauce is lumpy", "The pan is on fire"],
    ),
    "one more number behind an answer": (
        "# Cooking questions\n\n1. What is a roux?\n\nFlour.\n\n2. What is zest?\n\nPeel.\n\n3. how to fold dough\n",
        ["What is a roux?", "What is zest?", "how to fold dough"],
    ),
    "scenarios in a list": (
        "# Cooking questions\n\n## Basics\n\n1. What is a roux?\n2. What is zest?\n\n## Scenarios\n\n"
        "1. The sauce is lumpy\n2. The pan is on fire\n3. Salt was forgotten\n",
        ["What is a roux?", "What is zest?", "The sauce is lumpy", "The pan is on fire", "Salt was forgotten"],
    ),
    "numbered headings beside a remark without a number": (
        "# Cooking interview questions\n\n## Experience: 8 years\n\nFor cooks.\n\n## 1. What is a roux?\n\nFlour.\n\n"
        "## 2. Saving a sauce\n\nStrain it.\n\n## 3. Why rest meat?\n\nThe juice.\n\n## Last checks\n\nKnives.\n",
        ["What is a roux?", "Saving a sauce", "Why rest meat?"],
    ),
    "headings without a number among those that ask": (
        "# Cooking interview questions\n\n## Brown butter\n\nMilk solids.\n\n## What is a roux?\n\nFlour.\n\n"
        "## What is zest?\n\nPeel.\n\n## Cold smoke\n\nNo heat.\n\n## Why rest meat?\n\nThe juice.\n\n"
        "## Difference between stock and broth\n\nBones.\n\n## Conclusion\n\nCook.\n",
        [
            "Brown butter",
            "What is a roux?",
            "What is zest?",
            "Cold smoke",
            "Why rest meat?",
            "Difference between stock and broth",
        ],
    ),
    "how one says it in an interview, right below": (
        "# Cooking interview questions\n\n## Saving a sauce\n\n### Interview-ready answer\n\nStrain it.\n\n### Tool\n\n"
        "A sieve.\n\n## Plating\n\n### Short answer\n\nOdd numbers.\n",
        ["Saving a sauce", "Plating"],
    ),
    "bold lines whose number is missing": (
        "# Cooking interview questions\n\n**1. What is a roux?**\n\nFlour.\n\n**1. In France**\n\nMore of it.\n\n"
        "**2. Stock and broth**\n\nBones.\n\n**3. What is zest?**\n\nPeel.\n\n**4. Why rest meat?**\n\nThe juice.\n",
        ["What is a roux?", "Stock and broth", "What is zest?", "Why rest meat?"],
    ),
    "bold scenarios beside bold steps": (
        "# Cooking interview questions\n\n**Scenario 1: The sauce is lumpy. What do you do?**\n\n**Step 1 - Look:**\n"
        "Where?\n\n**Step 2 - Strain:**\nA sieve.\n\n**Scenario 2: The pan burns. What now?**\n\n**Step 1 - Lid:**\n"
        "On it.\n\n**Step 2 - Heat:**\nOff.\n",
        ["The sauce is lumpy. What do you do?", "The pan burns. What now?"],
    ),
    "a bold case, told": (
        "# Cooking interview questions\n\n**What is a roux?**\nFlour.\n\n**The pan burns. Walk me through it.**\n"
        "1. The lid\n2. The heat\n",
        ["What is a roux?", "The pan burns. Walk me through it."],
    ),
    "a heading right at the top says that all asks": (
        "## Cooking interview questions\n\n1. What is a roux?\n\nFlour.\n\n## Pastry\n\n2. What is zest?\n\nPeel.\n\n"
        "3. how to fold dough\n",
        ["What is a roux?", "What is zest?", "how to fold dough"],
    ),
    "a bold name above the question, with options and reasons": (
        "# Quiz: Sauces\n\n**Question 1**\n\nA cook needs a\nthick sauce. What helps?\n\n- A) A roux\n- B) Water\n\n"
        "Correct Answer: A) A roux\n\nDistractor Analysis:\n\n- Why B is incorrect: it is thin.\n\n---\n\n"
        "**Question 2**\n\nThe cook needs zest. What is peeled?\n\n- A) A lemon\n- B) Salt\n\n"
        "Correct Answer: A) A lemon\n",
        ["A cook needs a\nthick sauce. What helps?", "The cook needs zest. What is peeled?"],
    ),
    "numbered questions below a short line, one by one": (
        "Notes of a cook\n\nFrequently Asked Questions\n\n1. Is zest sour?\n\nNo, bitter.\n\n2. Does a roux burn?\n\n"
        "Soon.\n\n3. Is a jus thick?\n\nThin.\n",
        ["Is zest sour?", "Does a roux burn?", "Is a jus thick?"],
    ),
    "a short line above a list": (
        "Notes of a cook\n\nCooking interview questions\n\n1. What is a roux?\n2. Explain zest\n3. Stock and broth\n",
        ["What is a roux?", "Explain zest", "Stock and broth"],
    ),
}


@pytest.mark.parametrize("way", PROMPTS)
def test_what_asks_beside_what_does_not(way: str) -> None:
    text, prompts = PROMPTS[way]
    assert [one.prompt for one in everything(text)] == prompts


WHOLE = {
    "rules of equals signs": (
        "Cooking interview questions\n\n1. What is a roux?\nFlour and fat.\nBoth hot.\n==========\n\n"
        "2. What is zest?\nPeel.\n=====*=====\n\n3 ) What is a jus?\n\nJuice.\n==========\n\n4 )Why rest meat?\n"
        "The juice.\n",
        [
            ("What is a roux?", "Flour and fat.\nBoth hot."),
            ("What is zest?", "Peel."),
            ("What is a jus?", "Juice."),
            ("Why rest meat?", "The juice."),
        ],
    ),
    "steps that begin again at one": (
        "# Cooking interview questions\n\n1. What is zest?\n2. How do you save a sauce?\n1. Strain it\n2. Whisk it\n"
        "3. What is a jus?\n",
        [
            ("What is zest?", ""),
            ("How do you save a sauce?", "1. Strain it\n2. Whisk it"),
            ("What is a jus?", ""),
        ],
    ),
    "tasks with the answer on the next line, and titles": (
        "Sauces:\n\nWhat is a roux?\nFlour and fat.\n\nExplain a jus.\nJuice. It is thin.\n\nWhat is a beurre blanc?\n"
        "Butter.\n\nPastry (sweet):\n\nWhat is zest?\nPeel.\n",
        [
            ("What is a roux?", "Flour and fat."),
            ("Explain a jus.", "Juice. It is thin."),
            ("What is a beurre blanc?", "Butter."),
            ("What is zest?", "Peel."),
        ],
    ),
    "what a program prints": (
        "# Quiz\n\n## Output Question 1\n\n```js\nlog(1 + 1)\n```\n\n**Output:** 2\n\n## Output Question 2\n\n"
        "```js\nlog([])\n```\n\n**Output:** nothing\n",
        [("```js\nlog(1 + 1)\n```", "**Output:** 2"), ("```js\nlog([])\n```", "**Output:** nothing")],
    ),
}


@pytest.mark.parametrize("way", WHOLE)
def test_each_answer_ends_where_it_ends(way: str) -> None:
    text, whole = WHOLE[way]
    assert asked(text) == whole


NONE = {
    "questions to ask at work": "# Runbook\n\nAsk these questions:\n\n1. Is it one oven?\n2. Is it one pan?\n"
    "3. Who lit it?\n\n## Then\n\nCall.\n",
    "a chapter with an answer for interviews": "# Notes\n\n# 1. Sauces\n\n## Roux\n\nFlour.\n\n## Interview answer\n\n"
    "> Flour and fat.\n\n# 2. Pastry\n\nSugar.\n\n# 3. Fire\n\nHeat.\n",
    "reasons why an option is wrong": "# Quiz notes\n\n## Remarks\n\n- Why A is incorrect: it is flour\n"
    "- Why B is wrong: it is fat\n",
    "titles underlined with equals signs": "Sauces\n======\n\nFlour.\n\n======\nPastry\n======\n\nSugar.\n",
    "steps of a plan": "# Service\n\n1. Open the kitchen\n2. Light the oven\n1. Turn the valve\n2. Strike\n3. Cook\n",
}


@pytest.mark.parametrize("way", NONE)
def test_what_asks_nothing(way: str) -> None:
    assert everything(NONE[way]) == []


def test_sections_above_the_questions_all_teach() -> None:
    text = "# Kitchen\n\n## Sauces\n\nFlour.\n\n## Pastry\n\nSugar.\n\n## 1. What is a roux?\n\n### Answer\n\nFlour.\n"
    assert teaching(text) == ["Sauces", "Pastry"]


def test_titles_are_told_from_rules_by_what_stands_above() -> None:
    note = parse("Sauces\n======\n\nFlour.\n\nPastry\n======\n\nSugar.\n")
    assert [note.title, note.sections[-1].title] == ["Sauces", "Pastry"]


def test_when_begins_a_sentence_that_tells() -> None:
    text = "# Cooking questions\n\n1. When the pan is hot, the fat goes in\n2. The meat follows\n"
    assert everything(text) == []
