"""Keeps the numbers of a list's items as they are written. Pure.

CommonMark 0.31, section 5.3, counts on from the first number, so of an answer key `1. b` and `3. d` the second would be
shown as 2.
"""

from markdown_it.rules_core import StateCore


def keep_numbers(state: StateCore) -> None:
    """Give an item its own number where that is higher than the next one; a list of 1. and 1. is counted on."""
    due: list[int | None] = []  # the next number of each list that is open; None where items have none
    for token in state.tokens:
        if token.type == "ordered_list_open":
            due.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            due.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            due.pop()
        elif token.type == "list_item_open" and due and (following := due[-1]) is not None:
            written = int(token.info) if token.info.isdecimal() else following
            if written > following:
                token.attrSet("value", str(written))
            due[-1] = max(written, following) + 1
