"""Settings: defaults, names, and what a wrong one says."""

import re
import stat
from pathlib import Path

import pytest
from gunicorn.arbiter import Arbiter

from quizapp.settings import ADDRESS, ROOT, Settings, SettingsError, end_start, env_names, unknown


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in env_names():
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "instance"
    monkeypatch.setenv("QUIZAPP_INSTANCE_DIR", str(folder))
    return folder


def test_without_an_address_it_is_where_the_product_last_ran(tmp_path: Path) -> None:
    assert Settings(instance_dir=tmp_path).completed().public_url == "http://127.0.0.1:8000"
    (tmp_path / ADDRESS).write_text("http://127.0.0.1:8471")
    assert Settings(instance_dir=tmp_path).completed().public_url == "http://127.0.0.1:8471"
    assert (
        Settings(instance_dir=tmp_path, public_url="https://learn.example").completed().public_url.endswith("example")
    )


def test_the_first_start_makes_a_secret_that_stays(instance: Path) -> None:
    first, second = Settings.from_env(), Settings.from_env()
    assert len(first.secret_key.get_secret_value()) == 64
    assert first == second
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_a_secret_that_others_can_read_stops_the_start(instance: Path) -> None:
    Settings.from_env()
    (instance / "secret_key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        Settings.from_env()


def test_a_secret_is_shown_nowhere(instance: Path) -> None:
    settings = Settings.from_env()
    assert settings.secret_key.get_secret_value() not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short-but-secret"),
        ("QUIZAPP_MAX_SANDBOXES", "-1"),
        ("QUIZAPP_MAX_SANDBOXES", "many"),
        ("QUIZAPP_SANDBOX_LEASE_MIN", "-1"),
        ("QUIZAPP_PUBLIC_URL", "quizapp.example"),
        ("QUIZAPP_PUBLIC_URL", "https://"),
        ("QUIZAPP_PUBLIC_URL", "https://quizapp.example:port"),
        ("QUIZAPP_PUBLIC_URL", "https://[::1"),
        ("QUIZAPP_PUBLIC_URL", "https://quizapp.example/a path"),
        ("QUIZAPP_PUBLIC_URL", "https://quizapp.example/?a=b"),
        ("QUIZAPP_PUBLIC_URL", "https://somebody:secret@quizapp.example"),
        ("QUIZAPP_SANDBOX_NAMESPACE", "Sand_boxes"),
        ("QUIZAPP_SANDBOX_REGISTRY", "https://registry.example"),
        ("QUIZAPP_SANDBOX_TEMPLATES", "userns,privileged"),
        ("QUIZAPP_SANDBOX_TEMPLATES", "vm,vm"),
        ("QUIZAPP_SECURE_COOKIES", "perhaps"),
        ("QUIZAPP_OIDC_ISSUER", "id.example"),
        ("QUIZAPP_OIDC_ISSUER", "http://id.example"),
        ("QUIZAPP_OIDC_ISSUER", "https://id.example/?a=b"),
        ("QUIZAPP_OIDC_ISSUER", "https://" + "i" * 300),
        ("QUIZAPP_OIDC_SCOPES", "profile"),
        ("QUIZAPP_OIDC_SIGN_IN_HOURS", "0"),
        ("QUIZAPP_OIDC_SIGN_IN_HOURS", "9999999999"),
        ("QUIZAPP_SIGN_IN_DAYS", "9999999999"),
        ("QUIZAPP_INSTANCE_DIR", "/dev/null/instance"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("DATABASE_URL", "postgresql:/d"),
        ("DATABASE_URL", "postgresql://u:secret@h:port/d"),
        ("DATABASE_URL", "postgresql://u:secret/more@h/d"),
        ("DATABASE_URL", "sqlite"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite+aiosqlite:////tmp/quizapp.sqlite3"),
        ("DATABASE_URL", "sqlite:////no/such/folder/quizapp.sqlite3"),
    ],
)
def test_a_bad_setting_names_itself_and_not_its_value(
    instance: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.from_env()
    assert name in str(caught.value)
    assert "secret" not in str(caught.value).removeprefix(f"Setting {name}")


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_means_psycopg_3(
    instance: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert Settings.from_env().database_url == "postgresql+psycopg://u@h/d"


def test_templates_may_be_spaced(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_SANDBOX_TEMPLATES", "vm, userns")
    assert Settings.from_env().sandbox_templates == "vm,userns"


def test_settings_never_change(instance: Path) -> None:
    settings = Settings.from_env()
    with pytest.raises(ValueError, match="frozen"):
        settings.dev = True  # type: ignore[misc]


def test_an_empty_variable_counts_as_none(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = Settings.from_env()
    for name in env_names().keys() - {"QUIZAPP_INSTANCE_DIR"}:
        monkeypatch.setenv(name, "")
    assert Settings.from_env() == without


def test_a_variable_may_be_in_small_letters(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("quizapp_sandbox_lease_min", "45")
    assert Settings.from_env().sandbox_lease_min == 45


def test_settings_that_need_another_one_say_so(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_OIDC_ISSUER", "https://id.example")
    with pytest.raises(SettingsError, match="QUIZAPP_OIDC_CLIENT_ID"):
        Settings.from_env()
    monkeypatch.setenv("QUIZAPP_OIDC_CLIENT_ID", "quizapp")
    assert Settings.from_env().oidc_issuer == "https://id.example"
    monkeypatch.setenv("QUIZAPP_OIDC_EDITORS", "teachers")
    with pytest.raises(SettingsError, match="QUIZAPP_OIDC_ROLE_CLAIM"):
        Settings.from_env()


def test_a_variable_that_is_no_setting_is_named_with_the_nearest() -> None:
    given = {
        "QUIZAPP_OIDC_ISUER": "x",
        "quizapp_public_url": "x",
        "QUIZAPP_PORT": "1",
        "QUIZAPP_ZZZZ": "x",
        "HOME": "/",
    }
    assert unknown(given) == [
        "There is no setting QUIZAPP_OIDC_ISUER, so it does nothing. Is QUIZAPP_OIDC_ISSUER meant?",
        "There is no setting QUIZAPP_ZZZZ, so it does nothing.",
    ]


def test_what_other_programs_of_the_checkout_read_is_known() -> None:
    files = [file for folder in ("ops", "benchmarks", "trust") for file in (ROOT / folder).rglob("*.py")]
    read = {
        name for file in files for name in re.findall(r'"(QUIZAPP_[A-Z_]+[A-Z])"', file.read_text(encoding="utf-8"))
    }
    assert unknown(dict.fromkeys(read, "1")) == []


def test_a_process_that_cannot_start_says_why_and_gunicorn_begins_it_no_second_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of another status gunicorn makes a new worker, and so on for ever: the log said the same every two seconds."""
    with pytest.raises(SystemExit) as ended:
        end_start(SettingsError("Setting QUIZAPP_PROXIES: no."))
    assert ended.value.code == Arbiter.WORKER_BOOT_ERROR
    assert capsys.readouterr().err == "quizapp does not start. Setting QUIZAPP_PROXIES: no.\n"
