"""How long something took, takes or is left, in words. In one place, so that all pages round a time alike."""

MINUTE_S = 60
HOURS_FROM_MIN = 120  # minutes from which hours are told: "90 minutes" is still easier than "1.5 hours"


def duration(seconds: float, about: str = "", *, short: bool = False) -> str:
    """A time to the nearest minute: "less than a minute", "4 minutes", from two hours on "2.5 hours".

    `about` stands before a number and not before "less than": "about 4 minutes". Short is "4 min" and "2.5 h".
    """
    if seconds < MINUTE_S:
        return "less than a minute"
    minutes = round(seconds / MINUTE_S)
    before = f"{about} " if about else ""
    if minutes >= HOURS_FROM_MIN:
        return f"{before}{f'{minutes / 60:.1f}'.removesuffix('.0')} {'h' if short else 'hours'}"
    return f"{before}{minutes} {'min' if short else 'minute' if minutes == 1 else 'minutes'}"
