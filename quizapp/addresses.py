"""What addresses among the settings must look like. Each function raises ValueError, which never has the value."""

import re
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost")  # names of this machine
ISSUER_MAX_CHARS = 255  # those of known providers have up to 80
SQLITE = ("sqlite:///", "sqlite+pysqlite:///")
PSYCOPG = "postgresql+psycopg://"
NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # of Kubernetes: a label of RFC 1123


def of_database(value: str) -> str:
    """An address of a database, with the driver in it. `postgres://` and `postgresql://` name none; empty stays so."""
    for scheme in ("postgres://", "postgresql://"):
        if value.startswith(scheme):
            value = PSYCOPG + value.removeprefix(scheme)
    if value.startswith(SQLITE):
        _refuse_no_file(value.partition(":///")[2])
    elif value and not value.startswith(PSYCOPG):
        raise ValueError("must begin with postgresql://; empty, it is SQLite in the instance folder")
    elif not _has_port(value):
        raise ValueError("must have a number for its port, and %40, %3A or %2F for a sign @, : or / in a password")
    return value


def of_site(value: str) -> str:
    """The address that people use, without a slash at the end. Every link that they are given begins with it."""
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    if not _has_port(value) or not urlsplit(value).hostname or not value.isprintable() or set(value) & set("?#@ "):
        raise ValueError("must be a host, a port if need be and a path, without a blank, a user, ? and #")
    return value.rstrip("/")


def of_issuer(value: str) -> str:
    """An issuer, which stays as it is written: the provider's tokens repeat it to the letter."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an address that begins with https://, without ? and #")
    if len(value) > ISSUER_MAX_CHARS:
        raise ValueError(f"must have at most {ISSUER_MAX_CHARS} characters")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must begin with https://; http:// is for a provider on this machine alone")
    return value


def of_namespace(value: str) -> str:
    """A namespace of Kubernetes."""
    if not NAMESPACE.fullmatch(value):
        raise ValueError("must be small letters, digits and hyphens, as Kubernetes wants it")
    return value


def of_registry(value: str) -> str:
    """A registry of images."""
    if "://" in value:
        raise ValueError("must have no scheme, as in registry.example/quizapp")
    return value


def _has_port(url: str) -> bool:
    """Whether an address can be taken apart, and has a number for its port if it has one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _refuse_no_file(path: str) -> None:
    """Raise ValueError unless a SQLite file can lie at `path`."""
    if not path or path.startswith(":memory:"):
        raise ValueError("must name a file, as in sqlite:////var/lib/quizapp/quizapp.sqlite3")
    if not Path(path.partition("?")[0]).parent.is_dir():
        raise ValueError("must name a file in a folder that is there: make the folder first")
