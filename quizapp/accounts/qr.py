"""QR codes as SVG for pages, which phones read. Knows no page."""

from markupsafe import Markup

SCALE, BORDER = 5, 4  # pixels of a module; modules of the margin, which its standard asks for


def drawn(text: str) -> Markup:
    """The drawing of a text, without a style that the pages' policy would forbid."""
    import segno  # few pages draw one

    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(scale=SCALE, border=BORDER, dark="#000", light="#fff", svgclass=None, lineclass=None))
