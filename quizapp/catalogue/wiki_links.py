"""A rule of the Markdown parser for links between notes as Obsidian and wikis write them. Knows no note.

`[[Docker|the engine]]` is shown as its words, `[[Docker#Ports]]` as "Docker > Ports" as Obsidian has it.
"""

import re

from markdown_it.rules_inline import StateInline

_LINK = re.compile(
    r"\[\[(?=\S)(?P<note>[^\[\]|#\n,;=\"'$&<>]*)(?:#(?P<heading>[^\[\]|\n]+))?(?:\|(?P<words>[^\[\]\n]+))?(?<=\S)\]\](?!\()"
)


def wiki_link(state: StateInline, silent: bool) -> bool:
    """Show a link's words. One lower-case word alone stays as it is: `[[package]]` is a table of TOML."""
    if not state.src.startswith("[[", state.pos) or (found := _LINK.match(state.src, state.pos)) is None:
        return False
    note, heading, words = (found[name] or "" for name in ("note", "heading", "words"))
    if not (heading or words or " " in note or note != note.lower()):
        return False
    if not silent:
        state.pending += words or " > ".join(part for part in (note, heading.replace("#", " > ")) if part)
    state.pos = found.end()
    return True
