"""Takes a picture that is pasted, dropped or chosen in an editor, before the text that names it is saved."""

from contextlib import closing

from flask import Response, jsonify, request

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue import picture_rows
from quizapp.catalogue.importing.sent_folder import SENT_PICTURES_MAX
from quizapp.catalogue.own_notes import OWN_PICTURES_MAX_BYTES
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES, kind_of
from quizapp.catalogue.picture_sizes import PICTURE_MAX_PIXELS, is_cut_short, pixels
from quizapp.catalogue.pictures.picture_text import Picture, written_address
from quizapp.catalogue.pictures.pictures import Copies
from quizapp.errors import Invalid
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

SVG_WITHIN_BYTES = 1024  # an SVG file names itself behind at most a declaration, a document type and a comment
_TOO_LARGE = (
    f"The picture has over {PICTURE_MAX_BYTES // 1024**2} MiB, which is the most one may have. "
    "Make it smaller, or cut out what matters, and send it again."
)
_TOO_MANY_PIXELS = (
    f"The picture has over {PICTURE_MAX_PIXELS // 1_000_000} million pixels, which is the most one may have: whoever "
    "sees it would need memory for each. Make it smaller, or cut out what matters, and send it again."
)
_SVG = "An SVG file can hold programs, so none is taken. Save it as PNG and send that."
_NO_PICTURE = "This is no PNG, JPEG, GIF or WebP picture, whatever it is called. Save it as one of these and send that."
_CUT_SHORT = "The end of this picture is missing: it was not saved or copied whole. Save it once more and send that."
_NO_ROOM = (
    f"All your pictures together may have {OWN_PICTURES_MAX_BYTES // 1024**2} MiB, and a day's may be "
    f"{SENT_PICTURES_MAX}: this one does not fit any more. "
    "Retire a note of yours with pictures and delete its text, or wait a day: what no text shows is forgotten then."
)


class NotTaken(Invalid):
    """A file that is no picture for a note, or too large, or one too many; the page's script knows it by its status."""

    status = 422


@audience(Audience.LEARNER)
def take_picture() -> Response:
    """Keep a picture without its metadata; answers with what a text names it by. Raises NotTaken with the reason.

    `name` is that of its copy, for a question's texts; `address` stands for it in a note's text.
    """
    picture = _taken(_sent())
    picture_rows.note_sent(get_db(), user_id=current_user().id, pictures=[picture], now=clock.now())
    get_db().commit()
    return jsonify(name=picture.name, address=written_address(picture.name))


def _sent() -> bytes:
    """What was sent, or so much of it that it is seen to be too large; empty for nothing."""
    file = request.files.get("picture")
    if file is None:
        return b""
    with closing(file):
        data: bytes = file.read(PICTURE_MAX_BYTES + 1)
    return data


def _taken(data: bytes) -> Picture:
    """The copy of a picture. Raises NotTaken."""
    if not data:
        raise NotTaken("There is no picture in what was sent. Choose a file, or paste a picture.")
    if len(data) > PICTURE_MAX_BYTES:
        raise NotTaken(_TOO_LARGE)
    if kind_of(data) is None:
        raise NotTaken(_SVG if b"<svg" in data[:SVG_WITHIN_BYTES].lower() else _NO_PICTURE)
    if is_cut_short(data):
        raise NotTaken(_CUT_SHORT)
    if pixels(data) > PICTURE_MAX_PIXELS:
        raise NotTaken(_TOO_MANY_PIXELS)
    user_id, folder = current_user().id, current_settings().pictures_dir
    left_bytes, counted = picture_rows.room_for_pictures(get_db(), user_id=user_id)
    left = max(0, SENT_PICTURES_MAX - len(picture_rows.sent_by(get_db(), user_id=user_id)))
    picture = Copies(folder=folder, left_bytes=left_bytes, left=left, free=counted).take(data)
    if picture is None:
        raise NotTaken(_NO_ROOM)
    return picture
