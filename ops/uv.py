"""uv, which makes the virtual environment, fills it and pins packages: found or installed. Knows none of our steps."""

import ast
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self

from ops.checkout import Checkout
from ops.console import child_env, run_logged
from ops.steps import Stamp
from ops.system import install_packages, own_caches

OLDEST_UV = (0, 8)  # the first whose `uv venv` replaces an environment when it is told to
OLDEST_PIP = (22, 3)  # the first that installs into another environment than its own

# Where packages come from and how they are reached, in pip's words and in uv's.
SAME_MEANING = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}
YES = ("1", "true", "yes", "on")  # pip's own words for it

_finding = threading.Lock()  # two steps may ask for uv at the same moment


@dataclass(frozen=True, kw_only=True)
class Uv:
    """The program, and what it takes over from the person's settings for pip: variables, and options for `uv pip`."""

    program: str
    env: Mapping[str, str]
    options: tuple[str, ...]

    @classmethod
    def of(cls, program: str, listing: str, env: Mapping[str, str]) -> Self:
        """With the settings that `pip config list` has listed. What `env` sets for uv itself stays."""
        said = pip_settings(listing)
        settings = {uv: said[pip] for pip, uv in SAME_MEANING.items() if said.get(pip)}
        if said.get("find-links"):
            settings["UV_FIND_LINKS"] = ",".join(said["find-links"].split())
        if said.get("extra-index-url"):
            # pip takes the best file of all indexes; by itself uv stops at the first that has the package at all.
            settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        # As pip does: trust what the machine trusts, not a list of its own.
        settings |= {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
        no_index = ("--no-index",) if said.get("no-index", "").lower() in YES else ()
        return cls(program=program, env={name: settings[name] for name in settings.keys() - env}, options=no_index)


def find_or_install_uv(checkout: Checkout, show: Callable[[str], None]) -> Uv:
    """uv from the machine if it is new enough, else from an environment of its own under build/. Raises Failed."""
    with _finding:
        program = shutil.which("uv")
        if program is None or _says_version(program) < OLDEST_UV:
            program = _installed(checkout, show)
        uv = Uv.of(program, _pip_config(checkout), child_env())
        return replace(uv, env={**uv.env, **own_caches(checkout)})


def _installed(checkout: Checkout, show: Callable[[str], None]) -> str:
    """The uv under build/, installed by pip where it is not there yet, its file checked against its hash."""
    home, pins = checkout.build / "uv", "requirements-uv.txt"
    python, program = home / "bin" / "python", home / "bin" / "uv"
    stamp = Stamp(file=checkout.stamp("uv"), makes=program, sources=(checkout.root / pins,))
    if stamp.is_fresh():
        return str(program)
    stamp.forget()
    log = checkout.log("uv")
    no_pip = [] if _own_pip() is None else ["--without-pip"]  # to copy one takes several seconds
    if _own_pip() is None and importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        install_packages((package,), reason="This Python has no pip", checkout=checkout)
    pip = _own_pip() or (str(python), "-m", "pip")
    for command in (
        [sys.executable, "-m", "venv", "--clear", *no_pip, str(home)],
        [*pip, "--python", str(python), "install", "--require-hashes", "-r", pins],
    ):
        run_logged(
            command,
            cwd=checkout.root,
            env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            log=log,
            mend=f"pip could not install uv: see {log}, and check that the package registry is in reach.",
            show=show,
        )
    stamp.write()
    return str(program)


def _own_pip() -> tuple[str, ...] | None:
    """The pip of the Python that runs this, if it has one that can install elsewhere."""
    with suppress(importlib.metadata.PackageNotFoundError):
        if _numbers(importlib.metadata.version("pip")) >= OLDEST_PIP:
            return (sys.executable, "-m", "pip")
    return None


def _says_version(program: str) -> tuple[int, ...]:
    """What `uv --version` says, which reads like `uv 0.13.9`; nothing when it cannot be run."""
    try:
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return _numbers(shown)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _pip_config(checkout: Checkout) -> str:
    """What `pip config list` prints; nothing where there is no pip."""
    own = checkout.build / "uv" / "bin" / "pip"
    pip = _own_pip() or ((str(own),) if own.exists() else None)
    if pip is None:
        return ""
    return subprocess.run([*pip, "config", "list"], env=child_env(), capture_output=True, text=True, check=False).stdout


def pip_settings(listing: str) -> dict[str, str]:
    """What holds of the lines of `pip config list`: global ones give way to `install`, all to the environment."""
    said: dict[str, str] = {}
    for kind in ("global.", "install.", ":env:."):
        for line in listing.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(kind):
                said[name.removeprefix(kind)] = str(ast.literal_eval(value))
    return said
