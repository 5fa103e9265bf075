"""SelectChoice, an option of a select field: WTForms 3.3 has the class, its published type stubs (3.2) do not."""

from wtforms import SelectChoice  # type: ignore[attr-defined]

__all__ = ["SelectChoice"]
