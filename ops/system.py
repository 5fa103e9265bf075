"""Programs, root rights and Debian packages of the machine itself. Knows nothing of what they are for."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence

from ops.checkout import Checkout
from ops.console import Failed, Progress, child_env, run_logged, say
from ops.packages import REFRESHED

SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin"  # daemons are here, and a user's PATH often leaves these folders out


_installing = threading.Lock()  # apt-get works for one at a time, and so does the rule that no service starts
_refreshed = False  # whether this run has brought the package lists up to date


def find_program(name: str) -> str | None:
    """The path of a program in PATH or SYSTEM_PATH; None if there is none."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PATH}")


def own_caches(checkout: Checkout) -> dict[str, str]:
    """Where uv and npm keep what they fetch, if the person's home cannot be written: without, they would give up."""
    if os.access(child_env()["HOME"], os.W_OK):
        return {}
    caches = {"UV_CACHE_DIR": "uv", "npm_config_cache": "npm"}
    return {name: os.environ.get(name) or str(checkout.build / "caches" / tool) for name, tool in caches.items()}


def is_debian_like() -> bool:
    """Whether the machine has apt-get, which installs Debian packages."""
    return find_program("apt-get") is not None


def as_root(command: Sequence[str]) -> list[str]:
    """The command with sudo in front, unless this user is root. Raises Failed if sudo is needed and missing."""
    if os.geteuid() == 0:
        return list(command)
    if find_program("sudo") is None:
        raise Failed("This needs root rights: run it as root, or as a user who may use sudo.")
    # Without a terminal no password can be typed; with -n, sudo fails at once instead of asking for one.
    return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]


def ask_for_root(reason: str) -> None:
    """Let sudo ask for the password now, where it has to: later, other steps write to the same terminal."""
    if os.geteuid() == 0 or find_program("sudo") is None or not sys.stdin.isatty():
        return
    if subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        say(f"       {reason}, which takes root rights: sudo may ask for your password.")
        subprocess.run(["sudo", "true"], check=False)


def install_packages(packages: Sequence[str], *, reason: str, checkout: Checkout) -> None:
    """Install Debian packages without starting their services. `reason` says on the screen why they are needed.

    Raises Failed if there is no apt-get or no way to become root, or if apt-get cannot get a package.
    """
    global _refreshed
    names = " ".join(packages)
    if not is_debian_like():
        raise Failed(f"{reason}, and only Debian and Ubuntu are known here: install what gives {names}.")
    with _installing:
        say(f"       {reason}: apt-get installs {names}.")
        with Progress(f"Installing {names}") as progress:
            lists = [REFRESHED] if _refreshed else []
            run_logged(
                as_root([sys.executable, "-B", "-m", "ops.packages", *lists, *packages]),
                cwd=checkout.root,
                log=checkout.log("apt"),
                mend=f"apt-get could not install {names}: check that the archive is in reach and you may use sudo.",
                show=progress.show,
                of_root=True,
            )
        _refreshed = True
