"""The images that a registry would give, made here from Debian's packages, and the compose plugin.

What stands in for the official images of Python, PostgreSQL and nginx has the same programs in Debian's build; the
product's own image is built from its own Dockerfile on the first. The sandbox image is built on the base that `make
setup` makes of packages where no registry answers.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from installations.engine import Engine, said
from ops.checkout import Checkout
from quizapp.sandboxes.recipe.image_build import base_name, prepare_base

# Debian 13 is what python:3.13-slim is made from. Debian 12 has the oldest Python that is supported, and the last
# systemd that runs on machines with control groups of version 1.
CONTAINERS, SERVICES = "quizapp-try-base", "quizapp-try-services"
PYTHON = ("python3", "python3-venv", "ca-certificates")
ROOTS = {
    CONTAINERS: ("trixie", PYTHON),
    SERVICES: (
        "bookworm",
        (*PYTHON, "systemd", "systemd-sysv", "dbus", "nginx-light", "openssl", "make", "git"),
    ),
}
DATABASE, PROXY, COMPOSE = "quizapp-try-database", "quizapp-try-proxy", "quizapp-try-compose"
RECIPES = Path(__file__).with_name("images")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # a company's own is among them where it has one
PLUGIN = "usr/libexec/docker/cli-plugins/docker-compose"


def make_root(checkout: Checkout, engine: Engine, name: str) -> None:
    """Make a Debian as an image called `name`, with this machine's certificates. Its packages are got once."""
    suite, packages = ROOTS[name]
    command = ("mmdebstrap", "--variant=minbase", f"--include={','.join(packages)}", suite)
    made_by = hashlib.sha256(" ".join(command).encode()).hexdigest()[:12]
    root = checkout.build / "installations" / f"{name}-{made_by}.tar"
    if not root.exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        unfinished = root.with_suffix(".unfinished")
        said((*command, "--format=tar", str(unfinished)), env=engine.env)
        unfinished.rename(root)
    engine.docker("import", str(root), f"{name}-bare")
    with tempfile.TemporaryDirectory() as context:
        shutil.copytree(RECIPES / "base", context, dirs_exist_ok=True)
        shutil.copy(CERTIFICATES, context)
        build(engine, Path(context), name, base=f"{name}-bare")


def build(engine: Engine, context: Path, name: str, *, base: str) -> None:
    """Build the folder's Dockerfile on `base`, as an image called `name`; its steps reach the network."""
    engine.docker("build", "--network", "host", "--build-arg", f"BASE={base}", "--tag", name, str(context))


def make_stand_ins(engine: Engine) -> None:
    """Make the images of PostgreSQL and nginx."""
    for name, folder in ((DATABASE, "database"), (PROXY, "proxy")):
        build(engine, RECIPES / folder, name, base=CONTAINERS)


def make_sandbox_base(checkout: Checkout, engine: Engine) -> None:
    """Make the base of the sandbox image, in place of a registry's Debian. Its packages are got once."""
    name, folder = base_name(), checkout.build / "installations"
    made = folder / f"{name.replace(':', '-')}.tar"
    engine.docker("import", str(made if made.exists() else prepare_base(folder, lambda _: None)), name)


def get_compose(engine: Engine) -> None:
    """Give this engine's `docker` the compose plugin that Debian 13 has."""
    build(engine, RECIPES / "compose", COMPOSE, base=CONTAINERS)
    holder = engine.docker("create", COMPOSE, "true").strip()
    target = Path(engine.env["DOCKER_CONFIG"], "cli-plugins", "docker-compose")
    engine.docker("cp", f"{holder}:/{PLUGIN}", str(target))
    engine.docker("rm", holder)
