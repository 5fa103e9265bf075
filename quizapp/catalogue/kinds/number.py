"""A number that a learner types, with how far it may be off and the unit that it is asked in. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected

UNIT_MAX_CHARS = 30  # "bytes per second" has 16
# At most 30 digits and three of an exponent: more are no figure of anything, and decimals of any size cost time.
NUMBER = r"[-+\u2212]?(?:\d{1,30}(?:\.\d{1,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?"
# A unit begins with a letter, or a sign such as % or °; right behind the digits it has no digit itself. Else `1,450`
# would be 1 of ",450", and `0x1F` 0 of "x1F".
_UNIT = r"(?:[^\W\d_]|[%\u00b0\u2032/$\u20ac\u00a3])\D*|\s+(?:[^\W\d_]|[%\u00b0\u2032/$\u20ac\u00a3]).*"
_WRITTEN = re.compile(rf"(?P<value>{NUMBER})(?:\s*(?:\u00b1|\+/-|\+-)\s*(?P<tolerance>{NUMBER}))?(?P<unit>{_UNIT})?")


@dataclass(frozen=True, kw_only=True)
class NumberValue:
    """The right number and its tolerance, as decimal texts, so that 0.1 is a tenth."""

    value: str
    tolerance: str = "0"
    """How far an answer may be from it, in the same unit."""
    unit: str = ""
    """Empty for a bare number."""
    kind: Literal["number"] = "number"

    @property
    def source(self) -> str:
        """The text from which `read` makes it."""
        spread = f" \u00b1 {self.tolerance}" if Decimal(self.tolerance) else ""
        return f"{self.value}{spread} {self.unit}".rstrip()

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return self.source

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown; empty if the question says all."""
        return f"A number, in {self.unit}." if self.unit else "A number."


def read(text: str) -> NumberValue:
    """A number such as `1450 ± 10 bytes`. Raises NotExpected."""
    found = _WRITTEN.fullmatch(" ".join(text.replace("`", "").split()))
    if found is None or len(found["unit"] or "") > UNIT_MAX_CHARS:
        raise NotExpected("Write a number, such as 1450, 0.5 or 1450 ± 10 bytes, and nothing between its thousands.")
    tolerance = decimal_of(found["tolerance"] or "0")
    if tolerance < 0:
        raise NotExpected("How far a number may be off is not below 0.")
    value = found["value"].replace("\u2212", "-")
    return NumberValue(value=value, tolerance=found["tolerance"] or "0", unit=(found["unit"] or "").strip())


def decimal_of(text: str) -> Decimal:
    """The number that a text of the form NUMBER writes."""
    return Decimal(text.replace("\u2212", "-"))
