"""The blueprint of all pages under /labs. The modules with views add them to it when they are imported."""

from flask import Blueprint

bp = Blueprint("hands_on", __name__, url_prefix="/labs")
