"""uv finds packages where the person's settings for pip say that they are."""

import pytest

from ops.uv import Uv, pip_settings


def env_of(listing: str, env: dict[str, str] | None = None) -> dict[str, str]:
    """The settings that uv gets beyond those that it always gets."""
    uv = Uv.of("uv", listing, env or {})
    return {name: value for name, value in uv.env.items() if name not in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("global.index-url='https://packages.example/simple'", "UV_DEFAULT_INDEX", "https://packages.example/simple"),
        ("global.cert='/etc/ssl/our.pem'", "SSL_CERT_FILE", "/etc/ssl/our.pem"),
        ("install.trusted-host='packages.example'", "UV_INSECURE_HOST", "packages.example"),
        (":env:.proxy='http://proxy.example:3128'", "ALL_PROXY", "http://proxy.example:3128"),
        (":env:.timeout='60'", "UV_HTTP_TIMEOUT", "60"),
        ("global.find-links='/wheels /more'", "UV_FIND_LINKS", "/wheels,/more"),
    ],
)
def test_a_setting_keeps_its_meaning(line: str, name: str, value: str) -> None:
    assert env_of(line) == {name: value}


def test_of_several_indexes_the_best_file_is_taken() -> None:
    listing = "global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'"
    assert env_of(listing) == {
        "UV_INDEX": "https://one.example/simple\nhttps://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_a_machine_without_index_stays_without() -> None:
    assert Uv.of("uv", "global.no-index='true'\nglobal.find-links='/wheels'", {}).options == ("--no-index",)
    assert Uv.of("uv", "global.no-index='false'", {}).options == ()


def test_what_is_set_for_uv_itself_stays() -> None:
    listing = "global.index-url='https://packages.example/simple'\nglobal.cert='/etc/ssl/our.pem'"
    assert env_of(listing, {"UV_DEFAULT_INDEX": "https://uv.example/simple"}) == {"SSL_CERT_FILE": "/etc/ssl/our.pem"}


def test_what_means_nothing_to_uv_is_left_out() -> None:
    assert env_of(":env:.disable-pip-version-check='1'\nglobal.constraint='/c.txt'\nfreeze.user='true'") == {}


def test_the_environment_wins_then_the_settings_for_installing() -> None:
    lines = [":env:.cert='env'", "global.cert='global'", "install.cert='install'"]
    assert pip_settings("\n".join(lines)) == {"cert": "env"}
    assert pip_settings("\n".join(lines[1:])) == {"cert": "install"}


def test_without_pip_there_is_nothing_to_take_over() -> None:
    assert env_of("") == {}
