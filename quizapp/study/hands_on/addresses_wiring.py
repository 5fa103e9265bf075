"""Labs in addresses: one whose slug would tell what it asks for stands there by an address that its author gave it.

Everything else knows the slug, and a slug in an address leads to the lab as well.
"""

from werkzeug.routing import UnicodeConverter

from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.web.database import get_db


class LabInAddress(UnicodeConverter):
    """The part of a route that is a lab: its address outside, its slug for whoever answers."""

    def to_python(self, value: str) -> str:
        """The slug of the lab that a request asks for; what leads to no lab stays as it is."""
        from quizapp.catalogue.articles.lab_links import slug_at  # here: this is loaded with the application

        if len(value) > KEY_MAX_CHARS or not value.isprintable():  # PostgreSQL refuses to compare with a NUL
            return value
        return slug_at(get_db(), address=value) or value
