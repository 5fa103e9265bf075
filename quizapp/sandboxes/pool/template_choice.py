"""Which kind of sandbox a lab gets, of those that this installation offers. Knows no lab and no engine."""

from collections.abc import Sequence

from quizapp.sandboxes.client import BadSandboxRequest, TemplateOff
from quizapp.sandboxes.recipe.template import TEMPLATES, USERNS

RETRY_S = 3600  # somebody has to change a setting


def chosen(wanted: str, offered: Sequence[str]) -> str:
    """The template to use. What runs in `userns` runs in every other as well, so the first one offered stands in.

    Raises TemplateOff for one that is not offered, BadSandboxRequest for one that there is not.
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
