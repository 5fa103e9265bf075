"""The options of a select field: WTForms 3.3's own class, which its published type stubs (3.2) do not know yet."""

from wtforms import SelectChoice  # type: ignore[attr-defined]

__all__ = ["SelectChoice"]
