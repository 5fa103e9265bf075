# ruff: noqa: RUF001  Letters of other alphabets are meant.
"""Options are shown in a drawn order, but for those that speak of the others."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.quiz.option_order import order_of_options

LAST = (
    "All of the above", "**None of the above**", "Both of these", "All of these answers", "None of the other options",
    "All are correct", "None is right", "All the above", "More than one of the above", "None of those", "Any of them",
    "Alle der oben genannten", "Keine der Antworten", "Alle Antworten sind richtig", "Keines davon", "Alles davon",
    "Beide Antworten", "Nichts davon", "Keine von diesen Antworten",
    "Toutes les réponses", "Aucune de ces réponses", "Tout ce qui précède", "Aucune des réponses ci-dessus",
    "Todas las anteriores", "Ninguna de las anteriores", "Todas las respuestas son correctas",
    "Todas as anteriores", "Nenhuma das alternativas", "Nenhuma das anteriores", "Todas as alternativas acima",
    "Tutte le precedenti", "Nessuna delle precedenti", "Nessuna delle risposte", "Tutte le risposte sono corrette",
    "Alle bovenstaande", "Geen van bovenstaande", "Geen van de bovenstaande", "Alla ovanstående",
    "Ingen av de ovannämnda",
    "Wszystkie powyższe", "Żadne z powyższych", "Żadna z powyższych odpowiedzi", "Všechny uvedené", "Žádná z uvedených",
    "Всё вышеперечисленное", "Ни один из перечисленных", "Все варианты", "Усе перелічене", "Жоден з наведених",
    "Hepsi",
    "Yukarıdakilerin hepsi", "Hiçbiri", "以上都是", "以上皆非", "以上全部",
    "上記のすべて", "上記のいずれでもない", "위의 모두",
)  # fmt: skip
OTHERS = (
    "All containers of the network", "None, it is dropped", "Both", "Any address", "Alle Pakete werden verworfen",
    "It is above the bridge", "All of its ports", "Neither end has an address", "Keine Regel greift", "Tous les ports",
    "Todos los contenedores", "Tutti i pacchetti", "A and AAAA records", "eth0 and lo", "Wszystkie porty", "Все пакеты",
    "A bridge and a veth pair", "10 and 20", "All traffic is allowed", "The container", "Docker and Podman",
    "None of its packets arrive", "All of the traffic",
)  # fmt: skip


@pytest.mark.parametrize("text", LAST)
def test_an_option_that_sums_up_the_others_stays_last(text: str) -> None:
    texts = {1: text, 2: "one", 3: "two", 4: "three"}
    assert {order_of_options(texts, rng=Random(seed))[-1] for seed in range(12)} == {1}


@pytest.mark.parametrize("text", OTHERS)
def test_an_option_that_is_like_any_other_is_drawn_like_any_other(text: str) -> None:
    texts = {1: text, 2: "one", 3: "two", 4: "three"}
    assert {order_of_options(texts, rng=Random(seed)).index(1) for seed in range(40)} == {0, 1, 2, 3}


@pytest.mark.parametrize("text", ["Both A and C", "A and B only", "a) and c)", "A, B and D", "1 and 3", "Nur A und B"])
def test_options_stay_as_written_where_one_names_others_by_their_letters(text: str) -> None:
    texts = {4: "one", 3: "two", 2: "three", 1: text}
    assert {tuple(order_of_options(texts, rng=Random(seed))) for seed in range(12)} == {(4, 3, 2, 1)}


@given(st.integers())
def test_of_several_that_stay_last_each_keeps_its_place_behind_the_others(seed: int) -> None:
    texts = {1: "a", 2: "All of the above", 3: "b", 4: "None of the above"}
    order = order_of_options(texts, rng=Random(seed))
    assert (set(order[:2]), order[2:]) == ({1, 3}, [2, 4])
