"""Every setting: its type, unit, default and meaning. A bad setting stops the start with an error that names it."""

import fcntl
import logging
import os
import secrets
import string
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, NoReturn, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from quizapp import addresses

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_NAMES = ("userns", "vm")  # those of sandboxes.recipe.template, which this module may not import
KUBERNETES = "kubernetes"  # the scheme with which QUIZAPP_ENGINE names a cluster
ADDRESS = "address"  # the file of the instance folder in which `make run` keeps where it serves
METRICS_TOKEN_MIN_CHARS = 16
SIGN_IN_DAYS_MAX = 3_650  # ten years; what is far longer is no time that Python or a cookie can hold
# Read by `make`, its benchmarks and its tests, and by gunicorn's hooks.
OF_OTHERS = frozenset(
    f"QUIZAPP_{name}"
    for name in (
        "CHROMIUM", "DRILLS", "ENGINE_HOME", "KILLS", "KILLS_SEED", "LOAD_S", "PORT", "SANDBOXD_ENDS_ALL",
        "SOAK_LAUNCHES", "STORE_KILLS", "STORE_KILLS_SEED", "TESTS_RUN", "TEST_KUBECONFIG", "TRUST_SEED",
    )
)  # fmt: skip
NOT_STARTED = 3  # gunicorn.arbiter.Arbiter.WORKER_BOOT_ERROR, of 27.0.1
SECRET_KEY_MIN_CHARS = 32  # 256 bits as 64 hex digits are generated; fewer than 32 characters are guessable

logger = logging.getLogger("quizapp.settings")


class SettingsError(Exception):
    """A setting is missing or wrong; the text names it and says what it should be."""


def end_start(error: Exception) -> NoReturn:
    """End a process that cannot start with a sentence, and with the status at which gunicorn gives up its worker.

    Of another one it starts a worker anew, again and again.
    """
    print(f"quizapp does not start. {error}", file=sys.stderr)
    raise SystemExit(NOT_STARTED) from None


class Settings(BaseModel):
    """Frozen settings. Each is read from the environment variable `QUIZAPP_<NAME>`, or from the one its alias names."""

    model_config = ConfigDict(frozen=True, validate_default=True, populate_by_name=True)

    instance_dir: Path = Field(ROOT / "instance", description="folder of the SQLite file, the secrets and the sockets")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="SQLAlchemy URL; empty: SQLite in the instance folder"
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="SECRET_KEY",
        description="signs cookies and sandbox labels; empty: made once and kept in the instance folder, mode 0600",
    )
    content_dir: Path = Field(ROOT / "content", description="the notes and labs that `flask up` imports")
    public_url: str = Field("http://127.0.0.1:8000", description="the address people use, without a slash at the end")
    engine: str = Field(
        "",
        description="what sandboxes run on: a Docker Engine's socket URL, `kubernetes:` for the cluster around "
        "sandboxd, `kubernetes:/path` for a kubeconfig's; `none` turns hands-on questions off",
    )
    sandboxd_socket: Path = Field(Path("sandboxd/sandboxd.sock"), description="unix socket; relative to instance_dir")
    max_sandboxes: NonNegativeInt = Field(0, description="sandboxes alive at once; 0: as many as memory has room for")
    sandbox_warm: NonNegativeInt = Field(
        1,
        validation_alias="SANDBOX_WARM",
        description="sandboxes kept started, so that a learner need not wait",
    )
    sandbox_queue: NonNegativeInt = Field(50, description="learners who may wait while all sandboxes are taken")
    sandbox_starts_an_hour: PositiveInt = Field(10, description="sandboxes that one learner may start within an hour")
    sandbox_templates: str = Field(
        "userns", description="kinds of sandbox, with commas; the first serves labs that need none in particular"
    )
    sandbox_runtime: str = Field("", description="the engine's runtime for sandboxes; empty: the engine's own default")
    sandbox_namespace: str = Field(
        "quizapp-sandboxes", description="namespace of the sandboxes, where the engine is a Kubernetes cluster"
    )
    sandbox_registry: str = Field(
        "", description="where nodes of a cluster get the sandbox images, as in registry/folder; empty: they have them"
    )
    sandbox_lease_min: PositiveInt = Field(30, description="minutes a sandbox lives unless extended")
    sandbox_extension_min: PositiveInt = Field(15, description="minutes one extension adds")
    max_terminals: PositiveInt = Field(32, description="open terminals per web process; each holds one thread")
    leaked_passwords: str = Field(
        "", description="a list of SHA-1 hashes in order, as Have I Been Pwned gives them; none of these is set"
    )
    second_factor: Literal["optional", "editors", "everyone"] = Field(
        "optional", description="who must have a second factor: nobody, editors and owners, or everyone"
    )
    sign_in_days: PositiveInt = Field(30, le=SIGN_IN_DAYS_MAX, description="days until a sign-in ends by itself")
    oidc_issuer: str = Field("", description="the issuer of an OpenID provider that people sign in by; empty: none")
    oidc_client_id: str = Field("", description="what the provider calls this installation")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="its secret there; empty for a public client")
    oidc_name: str = Field("", description="what people call the provider; empty: the host of its issuer")
    oidc_scopes: str = Field("openid profile", description="the scopes that are asked for, with spaces")
    oidc_new_accounts: bool = Field(False, description="open an account at somebody's first sign-in by the provider")
    oidc_name_claim: str = Field("preferred_username", description="the claim that names a new account")
    oidc_role_claim: str = Field("", description="the claim that says roles; empty: only owners give roles, here")
    oidc_owners: str = Field("", description="values of that claim that make an owner, with semicolons")
    oidc_editors: str = Field("", description="values of that claim that make an editor, with semicolons")
    oidc_learners: str = Field("", description="values without which nobody else may enter; empty: everybody may")
    oidc_sign_in_hours: PositiveInt = Field(
        168, le=24 * SIGN_IN_DAYS_MAX, description="hours until a sign-in by the provider ends by itself"
    )
    proxies: NonNegativeInt = Field(0, description="proxies in front, each of which adds to X-Forwarded-For; see below")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="lets whoever sends it read /metrics from elsewhere; empty: only this machine itself"
    )
    secure_cookies: bool = Field(False, description="send cookies over HTTPS only; set it behind HTTPS")
    dev: bool = Field(False, description="show the page of components, /dev/components; never in production")

    _check_database = field_validator("database_url")(addresses.of_database)
    _check_site = field_validator("public_url")(addresses.of_site)
    _check_issuer = field_validator("oidc_issuer")(addresses.of_issuer)
    _check_namespace = field_validator("sandbox_namespace")(addresses.of_namespace)
    _check_registry = field_validator("sandbox_registry")(addresses.of_registry)

    @field_validator("sandbox_templates")
    @classmethod
    def _are_templates(cls, value: str) -> str:
        names = [name.strip() for name in value.split(",")]
        if not set(names) <= set(TEMPLATE_NAMES) or len(set(names)) < len(names):
            raise ValueError(f"must be one or more of {', '.join(TEMPLATE_NAMES)}, each once, with commas")
        return ",".join(names)

    @field_validator("leaked_passwords")
    @classmethod
    def _is_file(cls, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValueError("must be a file, one hash a line")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _has_client(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("must say what the provider of QUIZAPP_OIDC_ISSUER calls this installation")
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_who_it_is(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must have openid among the scopes")
        return value

    @field_validator("oidc_learners")
    @classmethod
    def _has_role_claim(cls, value: str, info: ValidationInfo) -> str:
        said = (value, info.data.get("oidc_owners"), info.data.get("oidc_editors"))
        if any(said) and not info.data.get("oidc_role_claim"):
            raise ValueError("and the values of the other roles need QUIZAPP_OIDC_ROLE_CLAIM, which names the claim")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key and len(key) < SECRET_KEY_MIN_CHARS:
            raise ValueError(f"must have at least {SECRET_KEY_MIN_CHARS} characters")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if token and (len(token) < METRICS_TOKEN_MIN_CHARS or not token.isascii()):
            raise ValueError(f"must have at least {METRICS_TOKEN_MIN_CHARS} characters, none of them but ASCII")
        return value

    @property
    def mounted_at(self) -> str:
        """The path of `public_url`, below which all addresses of the site are, such as `/quiz`; empty for the root."""
        return urlsplit(self.public_url).path

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment. Make the instance folder and the secret key if they are missing.

        Warns of variables that look like settings and are none. Raises SettingsError, which names the first bad
        setting, never its value.
        """
        for sentence in unknown(os.environ):
            logger.warning(sentence)
        try:
            settings = cls.model_validate(_given(os.environ))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            wrong = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"Setting {_env_name(str(first['loc'][0]))}: {wrong}.") from None
        try:
            settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # for personal data and the secret key
        except OSError as error:
            raise SettingsError(f"Setting QUIZAPP_INSTANCE_DIR: the folder cannot be made: {error.strerror}.") from None
        return settings.completed()

    def completed(self) -> Self:
        """A copy in which the values that depend on the instance folder are filled in. Raises SettingsError."""
        return self.model_copy(
            update={
                "database_url": self.database_url or f"sqlite:///{self.instance_dir / 'quizapp.sqlite3'}",
                "secret_key": self.secret_key
                if self.secret_key.get_secret_value()
                else _kept_secret(self.instance_dir),
                "sandboxd_socket": self.instance_dir / self.sandboxd_socket,
                "public_url": self.public_url
                if "public_url" in self.model_fields_set
                else _kept_address(self.instance_dir) or self.public_url,
            }
        )

    @property
    def pictures_dir(self) -> Path:
        """The folder of the pictures that notes show."""
        return self.instance_dir / "pictures"

    @property
    def assets_dir(self) -> Path:
        """The folder of the built front-end files of this and other versions."""
        return self.instance_dir / "assets"

    @property
    def hands_on(self) -> bool:
        """Whether this installation offers sandboxes."""
        return self.engine != "none"

    @property
    def kubeconfig(self) -> str | None:
        """The kubeconfig of the cluster that sandboxes run on, empty for the one around sandboxd; None if on none."""
        scheme, colon, path = self.engine.partition(":")
        return path if (scheme, colon) == (KUBERNETES, ":") else None


def env_names() -> dict[str, str]:
    """Each setting's environment variable and description, for the documentation and its test."""
    return {_env_name(name): field.description or "" for name, field in Settings.model_fields.items()}


def unknown(env: Mapping[str, str]) -> list[str]:
    """A sentence for each variable of the environment that begins as a setting does and is none."""
    known = {*env_names(), *OF_OTHERS}
    names = sorted(name for name in env if name.upper().startswith("QUIZAPP_") and name.upper() not in known)
    if not names:
        return []
    from difflib import get_close_matches  # most starts need none of it

    # Without what all of them begin with, which would make each of them like any other.
    given = {name.removeprefix("QUIZAPP_"): name for name in env_names()}
    nearest = {name: get_close_matches(name.upper().removeprefix("QUIZAPP_"), given, n=1) for name in names}
    return [
        f"There is no setting {name}, so it does nothing." + (f" Is {given[near[0]]} meant?" if near else "")
        for name, near in nearest.items()
    ]


def _given(env: Mapping[str, str]) -> dict[str, str]:
    """The settings that the environment names, by their fields; an empty variable counts as one that is not there.

    Names may be in small letters. The package for this, pydantic-settings, loads what reads command lines, clouds'
    vaults and four kinds of file: an eighth of the time in which web starts, and 4 MiB in each process.
    """
    upper = {name.upper(): value for name, value in env.items()}
    return {field: value for field in Settings.model_fields if (value := upper.get(_env_name(field)))}


def _env_name(field: str) -> str:
    if field in Settings.model_fields and Settings.model_fields[field].validation_alias:
        return str(Settings.model_fields[field].validation_alias)
    return field if field.isupper() else f"QUIZAPP_{field.upper()}"


def _kept_address(folder: Path) -> str | None:
    """The address at which `make run` serves this installation or served it last; None if it never did."""
    with suppress(OSError, ValueError):
        kept = (folder / ADDRESS).read_text().strip()
        return kept if kept.startswith(("http://", "https://")) else None
    return None


def _kept_secret(folder: Path) -> SecretStr:
    """The secret key of this installation, made on the first start. Processes that start at once get the same key.

    Raises SettingsError for a key that is too short, for a file that others can read, and for one of somebody else.
    """
    path = folder / "secret_key"
    try:
        if not path.exists():
            _make_secret(path)
        elif not _key_in(path.read_text()):
            _replace_empty_secret(path)
        key = _key_in(path.read_text())
    except OSError as error:
        raise SettingsError(
            f"Setting SECRET_KEY: {error.filename or path}: {error.strerror}. Run this as the user whose file it is; "
            "if it is yours, see that the disk has room."
        ) from None
    if len(key) < SECRET_KEY_MIN_CHARS:
        raise SettingsError(
            f"Setting SECRET_KEY: {path} is shorter than {SECRET_KEY_MIN_CHARS} characters. Put the whole key back; or "
            "delete the file, and the next start makes a new key, with which everybody signs in again."
        )
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"Setting SECRET_KEY: others can read {path}; run chmod 600 on it.")
    return SecretStr(key)


def _make_secret(path: Path) -> None:
    """Put a new key at `path` in one step, by a hard link. Of several processes' keys the first one stays."""
    with _new_secret(path) as aside, suppress(FileExistsError):
        os.link(aside, path)


def _replace_empty_secret(path: Path) -> None:
    """Put a new key in the place of a file without a key, which a killed start can leave; nothing is signed with it.

    Of several processes only the one that holds the lock on that file replaces it, and only while it is at `path`.
    """
    with path.open("r+") as empty, _new_secret(path) as aside:
        fcntl.flock(empty, fcntl.LOCK_EX)
        if os.path.samestat(os.fstat(empty.fileno()), path.stat()) and not _key_in(empty.read()):
            aside.replace(path)


@contextmanager
def _new_secret(path: Path) -> Iterator[Path]:
    """Make a file beside `path` with a new key, synced to the disk; remove it at the end and sync the folder."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        yield aside
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _key_in(text: str) -> str:
    """The key in a file's text, empty if there is none. NUL bytes are no key: a power loss can leave them in a file."""
    return text.strip(f"{string.whitespace}\0")
