"""The template that a request gets, of those that this installation offers. Knows no lab and no engine."""

from collections.abc import Sequence

from quizapp.sandboxes.client import BadSandboxRequest, TemplateOff
from quizapp.sandboxes.recipe.template import TEMPLATES, USERNS

RETRY_S = 3600  # an operator has to change a setting first


def chosen(wanted: str, offered: Sequence[str]) -> str:
    """The name of the template to use. What runs in `userns` runs in all others, so the first offered one replaces it.

    Raises TemplateOff for a template that is not offered, BadSandboxRequest for one that does not exist.
    """
    if wanted in offered:
        return wanted
    if wanted == USERNS.name:
        return offered[0]
    if wanted in TEMPLATES:
        raise TemplateOff(
            f"It needs the template {wanted}, which is off here. The operator adds it to QUIZAPP_SANDBOX_TEMPLATES.",
            retry_after_s=RETRY_S,
        )
    raise BadSandboxRequest(f"There is no template {wanted!r}; use one of {', '.join(TEMPLATES)}.")
