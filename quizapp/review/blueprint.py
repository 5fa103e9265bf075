"""The blueprint of the review page. The modules with views add theirs to it when they are imported."""

from flask import Blueprint

bp = Blueprint("review", __name__, url_prefix="/review")
