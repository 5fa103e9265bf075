"""SelectChoice, an option of a select field; WTForms 3.3 has it, its published type stubs (3.2) do not. And ticks."""

from wtforms import SelectChoice  # type: ignore[attr-defined]
from wtforms.fields import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

__all__ = ["SelectChoice", "Ticks"]


class Ticks(SelectMultipleField):
    """Any number of things to tick; what is sent and not offered is refused. An empty value is none."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        super().process_formdata([value for value in valuelist if value])
