"""What installs the product for others names settings, programs and files that are there."""

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from quizapp.settings import ROOT, env_names

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# Read by other programs, by gunicorn's hooks, or by compose itself.
OTHERS = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
OF_COMPOSE = re.compile(r"QUIZAPP_(IMAGE|ENGINE_GROUP|ENGINE_SOCKET|\w+_IMAGE|CERTIFICATES|HTTPS?_PORT|WEB_PROCESSES)")
SERVICES = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def unit(path: Path) -> ConfigParser:
    """A unit of systemd; of a key that stands several times the last one."""
    parsed = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(path.read_text(encoding="utf-8"))
    return parsed


def test_compose_sets_settings_that_there_are() -> None:
    named = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert named - set(env_names()) - OTHERS == set()


def test_what_is_filled_in_is_read_by_compose() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    offered = set(re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert offered <= asked
    assert {name for name in asked - set(env_names()) - OTHERS if not OF_COMPOSE.fullmatch(name)} == set()


def test_no_service_that_people_talk_to_has_the_engines_socket() -> None:
    with_engine = {
        name
        for name, service in SERVICES.items()
        if "group_add" in service or any("docker.sock" in volume for volume in service.get("volumes", ()))
    }
    assert with_engine == {"sandbox-image", "sandboxd"}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_is_there_as_a_user_without_more_rights(path: Path) -> None:
    service = unit(path)["Service"]
    module = re.search(r"python:([\w.]+)", service["ExecStart"])
    assert module is None or (ROOT / f"{module[1].replace('.', '/')}.py").exists()
    assert service["ExecStart"].startswith("/opt/quizapp/.venv/bin/")
    wanted = {"User": "quizapp", "UMask": "0077", "NoNewPrivileges": "yes", "EnvironmentFile": "/etc/quizapp.env"}
    assert {name: service[name] for name in wanted} == wanted
    hardened = dict(unit(DEPLOY / "systemd" / "quizapp-web.service")["Service"])
    same = {
        name for name in hardened if name.startswith(("Protect", "Private", "Restrict", "SystemCall", "Capability"))
    }
    assert {name: service.get(name) for name in same} == {name: hardened[name] for name in same}
    assert len(same) > 15
    assert ("SupplementaryGroups" in service) == (path.name == "quizapp-sandboxd.service")


def test_the_settings_of_the_units_are_settings() -> None:
    lines = [line for line in (DEPLOY / "systemd" / "quizapp.env").read_text(encoding="utf-8").splitlines() if line]
    named = {line.partition("=")[0] for line in lines if not line.startswith("#")}
    assert named <= set(env_names())


def test_the_image_may_have_the_oldest_python_that_is_supported() -> None:
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["python_version"]
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    base = re.search(r"^ARG BASE=python:(\d+)\.(\d+)-slim$", text, re.MULTILINE)
    assert base is not None
    assert tuple(map(int, base.groups())) >= tuple(map(int, oldest.split(".")))


@pytest.mark.parametrize("kind", ["service", "socket"])
def test_one_of_several_web_processes_differs_by_its_name_and_its_port_alone(kind: str) -> None:
    def of(name: str) -> dict[str, dict[str, str]]:
        parts = unit(DEPLOY / "systemd" / f"{name}.{kind}")
        return {part: dict(parts[part]) for part in parts.sections() if part != "DEFAULT"}

    one, each = of("quizapp-web"), of("quizapp-web@")
    one["Unit"]["Description"] = each["Unit"]["Description"]
    named = repr(one).replace("quizapp-web.", "quizapp-web@%i.").replace("127.0.0.1:8000", "127.0.0.1:%i")
    assert named == repr(each)
