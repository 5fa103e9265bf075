"""What is done to the machine itself: rights and Debian packages. Knows nothing of what they are for."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence

from ops.checkout import Checkout
from ops.console import Failed, Progress, run_logged, say
from ops.packages import REFRESHED

SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin"  # daemons live here, and a user's PATH often leaves it out


_installing = threading.Lock()  # apt-get works for one at a time, and so does the rule that no service starts
_refreshed = False  # whether this run has brought the package lists up to date


def find_program(name: str) -> str | None:
    """The path of a program, also one that only root usually calls."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PATH}")


def is_debian_like() -> bool:
    """Whether apt-get can bring what is missing."""
    return find_program("apt-get") is not None


def as_root(command: Sequence[str]) -> list[str]:
    """The command as it must be run to be run by root. Raises Failed when there is no way to root."""
    if os.geteuid() == 0:
        return list(command)
    if find_program("sudo") is None:
        raise Failed("This needs root rights: run it as root, or as a user who may use sudo.")
    # Without a terminal nobody could type a password: -n makes sudo fail at once where it would ask.
    return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]


def ask_for_root(reason: str) -> None:
    """Let sudo ask for the password now, where it has to: later, other steps write to the same terminal."""
    if os.geteuid() == 0 or find_program("sudo") is None or not sys.stdin.isatty():
        return
    if subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        say(f"       {reason}, which takes root rights: sudo may ask for your password.")
        subprocess.run(["sudo", "true"], check=False)


def install_packages(packages: Sequence[str], *, reason: str, checkout: Checkout) -> None:
    """Install Debian packages, none of whose services is started.

    Raises Failed where there is no apt-get, no way to root, or no package of that name in reach.
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
