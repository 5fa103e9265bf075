"""The one blueprint of all pages under /labs. The views of this room add theirs to it."""

from flask import Blueprint

bp = Blueprint("hands_on", __name__, url_prefix="/labs")
