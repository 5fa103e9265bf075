"""Installs Debian packages and lets none of their services start. Knows not what for; a process of its own, by sudo."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")  # where invoke-rc.d and deb-systemd-invoke ask whether a service may start
FORBID = "#!/bin/sh\n# No service may start while quizapp installs packages; removed right afterwards.\nexit 101\n"
REFRESHED = "--refreshed"
# The services of packages, each with a program that is there if somebody had the package before.
UNITS = {
    "docker.io": ("/usr/sbin/dockerd", ("docker.service", "docker.socket")),
    "nginx-light": ("/usr/sbin/nginx", ("nginx.service",)),
    "prometheus": ("/usr/bin/prometheus", ("prometheus.service",)),
}
LOCK_WAIT_S = 300  # another apt-get, such as a nightly upgrade, may hold the lock for minutes


@contextmanager
def services_held_back(policy: Path = POLICY) -> Iterator[None]:
    """Forbid service starts, then put back what was there before, also after a run that was killed half-way."""
    kept = policy.with_name(f"{policy.name}.before-quizapp")
    if not kept.exists() and policy.exists() and policy.read_text(encoding="utf-8") != FORBID:
        policy.rename(kept)
    policy.write_text(FORBID, encoding="utf-8")
    policy.chmod(0o755)
    try:
        yield
    finally:
        if kept.exists():
            kept.replace(policy)
        else:
            policy.unlink()


def install(packages: Sequence[str], *, refresh: bool) -> None:
    """Bring the package lists up to date if that is wanted, and install; raises CalledProcessError."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-y", "-o", f"DPkg::Lock::Timeout={LOCK_WAIT_S}"]
    if refresh:  # a list that could not be refreshed may still do: the install below is the judge
        subprocess.run([*apt, "update"], env=env, check=False)
    with services_held_back():
        subprocess.run([*apt, "install", "--no-install-recommends", *packages], env=env, check=True)


def stay_off_at_boot(unit: str) -> None:
    """Keep a service that came with a package from starting at the next boot: nobody asked for it."""
    if Path("/run/systemd/system").exists():
        subprocess.run(["systemctl", "disable", unit], check=False)


def main(arguments: Sequence[str]) -> int:
    """Install and say by the exit status whether it worked. With `--refreshed` first, the lists are up to date."""
    refreshed = arguments[:1] == [REFRESHED]
    packages = arguments[1:] if refreshed else arguments
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    new = [package for package in packages if package in UNITS and not Path(UNITS[package][0]).exists()]
    try:
        install(packages, refresh=not refreshed)
    except subprocess.CalledProcessError as error:
        return error.returncode
    for package in new:
        for unit in UNITS[package][1]:
            stay_off_at_boot(unit)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
