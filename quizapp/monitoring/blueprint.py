"""The addresses of the figures for Prometheus."""

from quizapp.web.pages import Pages

bp = Pages(
    "monitoring",
    __name__,
    url_prefix="/metrics",
    shown={
        "": "metrics_views.show",
        "/sandboxd": "metrics_views.show_sandboxd",
    },
)
