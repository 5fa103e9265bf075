"""Tokens of shell text, and the letters that they are stored in."""

import pytest

from quizapp.search.tokens import ATOMS_MAX, CODES_MAX_BYTES, codes_of, wanted_codes, words_of

HAS = {
    "docker run -P": ["docker", "-p", "p", "-"],
    "/etc/resolv.conf": ["resolv.conf", "/etc", "conf", "/etc/resolv.conf"],
    "--rm": ["--rm", "--", "rm"],
    "net.ipv4.ip_forward=1": ["ip_forward", "net.ipv4", "ip_forward=1"],
    "GRÖßE": ["grösse"],
    "u\u0308ber": ["über"],
    "\u0130stanbul": ["istanbul"],
    "容器网络的隔离": ["网络", "隔离"],
    "컨테이너는": ["컨테", "너는"],
    "\u0e15\u0e31\u0e27ใหม่": ["\u0e15\u0e31\u0e27", "ให"],
    "x\u0301\u0302y": ["x\u0301\u0302y"],
}
LACKS = {"docker0": ["docker"], "127.0.0.11": ["127.0.0.1"], "/etc/resolv.conf": ["resol"], "über": ["uber"]}


@pytest.mark.parametrize("text", HAS)
def test_a_text_has_each_run_of_its_parts(text: str) -> None:
    assert [token for token in HAS[text] if wanted_codes(token)[0] not in codes_of(text).split()] == []


@pytest.mark.parametrize("text", LACKS)
def test_a_text_has_no_parts_of_words(text: str) -> None:
    assert [token for token in LACKS[text] if wanted_codes(token)[0] in codes_of(text).split()] == []


def test_a_long_piece_is_wanted_by_each_run_of_twelve() -> None:
    piece = ".".join(str(number) for number in range(10))  # 19 atoms
    assert len(wanted_codes(piece)) == 19 - ATOMS_MAX + 1
    assert set(wanted_codes(piece)) <= set(codes_of(piece).split())


def test_codes_are_letters_and_begin_alike_where_tokens_do() -> None:
    (whole,), (beginning,) = wanted_codes("resolv.conf"), wanted_codes("resolv.c")
    assert whole.startswith(beginning)
    assert set(whole) <= set("abcdefghijklmnop")


def test_a_text_too_long_for_postgresql_is_found_by_its_beginning() -> None:
    codes = codes_of(" ".join(f"word{number}" for number in range(100_000)))
    assert len(codes) <= CODES_MAX_BYTES
    assert wanted_codes("word1")[0] in codes


def test_a_phrase_is_a_part_from_atom_to_atom() -> None:
    assert words_of("docker run") in words_of("Use `docker run -p`, **now**.")
    assert words_of("cker run") not in words_of("docker run")
