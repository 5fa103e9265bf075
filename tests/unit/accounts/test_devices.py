"""What a browser says of itself, in two words."""

import pytest

from quizapp.accounts.devices import LINE_MAX_CHARS, device_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("line", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (PHONE, "Safari on iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("x" * LINE_MAX_CHARS + FIREFOX, ""),
    ],
)
def test_a_browser_is_told_by_program_and_system(line: str, device: str) -> None:
    assert device_of(line) == device
