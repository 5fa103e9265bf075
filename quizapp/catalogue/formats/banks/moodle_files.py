"""The files in Moodle's XML, in base64 beside the text that names them: `@@PLUGINFILE@@/net.png`. Pure."""

import re
from base64 import b64decode
from binascii import Error
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizapp.catalogue.html.inline_html import PICTURE_NAME
from quizapp.catalogue.picture_kinds import copy_name

_FILE = re.compile(rb"(<file\b[^<>]{0,2000}>)([A-Za-z0-9+/=\s]*)(</file>)")
_NAMED = re.compile(r"@@PLUGINFILE@@(?P<path>/[^\"'<>\s()]*)")


def apart(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Moodle's XML in which each picture is the name of its copy, and each other file is empty; and the pictures."""
    pictures: dict[str, bytes] = {}

    def named(found: re.Match[bytes]) -> bytes:
        name = _name_of(found[2], pictures)
        return found[1] + name.encode() + found[3]

    return _FILE.sub(named, data), pictures


def _name_of(written: bytes, pictures: dict[str, bytes]) -> str:
    """The name of a file's copy, which is then among `pictures`; empty for no picture."""
    if PICTURE_NAME.fullmatch(text := written.decode().strip()):
        return text  # it was taken apart before
    try:
        data = b64decode(written)
    except Error:
        return ""
    name = copy_name(data) or ""
    if name:
        pictures[name] = data
    return name


def with_names(text: str, element: Element) -> str:
    """A text of Moodle's in which the address of each picture that comes with its element is the name of its copy."""
    names = {_place(file): (file.text or "").strip() for file in element.findall("file")}
    names = {place: name for place, name in names.items() if PICTURE_NAME.fullmatch(name)}
    return _NAMED.sub(lambda found: names.get(unquote(found["path"].split("?")[0]), found[0]), text)


def left_out(question: Element) -> list[str]:
    """The names of the files of a question that are no pictures."""
    files = question.iter("file")
    return [file.get("name", "") for file in files if not PICTURE_NAME.fullmatch((file.text or "").strip())]


def _place(file: Element) -> str:
    return f"/{file.get('path', '/').strip('/')}/{file.get('name', '')}".replace("//", "/")
