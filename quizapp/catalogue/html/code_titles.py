"""Reads the title of a code block from what stands behind its opening fence. Pure.

CommonMark 0.31, section 4.5, says of those words only that the first one is commonly the language; a page that shows no
others loses the name of the file that the code is. Sites write it in one of four ways.
"""

import re

TITLE_MAX_CHARS = 200
# `title="compose.yaml"` of Docusaurus, Material, Starlight and Hugo; Quarto and pandoc have it in braces.
_NAMED = re.compile(
    r"(?<![\w-])(?:title|file|filename|name|caption|label)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'{}]+))"
)
_BOXED = re.compile(r"\s\[([^\[\]]+)\]")  # `yaml [compose.yaml]` of VitePress and Nuxt
_BEHIND_A_COLON = re.compile(r"[\w+#-]*:([^\s{}=:]+)(?=\s|$)")  # `dockerfile:app/Dockerfile` of Zenn and Qiita
_A_FILE = re.compile(r"[^\s{}=\"]*[\w-]\.[\w-]{1,12}")  # `compose.yaml` in the language's place
_SENTENCE = re.compile(r"[^\W\d][\w'-]*(?:\s+[^\s{}=\"]+){2,}")  # `What does this print?`


def code_title(info: str) -> str:
    """What a block is called by these words; empty if they say only its language and how it is drawn."""
    info = info.strip()[:TITLE_MAX_CHARS]
    if found := _NAMED.search(info) or _BOXED.search(info) or _BEHIND_A_COLON.match(info):
        return next((text for text in found.groups() if text), "").strip()
    whole = _A_FILE.fullmatch(info) or _SENTENCE.fullmatch(info)
    return whole[0] if whole else ""
