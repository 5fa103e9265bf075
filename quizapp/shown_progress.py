"""How far things are counted for somebody who looks at a page. Knows neither what is counted nor the page."""

SHOWN_MAX = 999  # nobody counts on beyond three digits, and a database that may stop counting there stays quick


def up_to_most(count: int) -> str:
    """A count as text: `12`, or `999+` for anything above SHOWN_MAX."""
    return str(count) if count <= SHOWN_MAX else f"{SHOWN_MAX}+"
