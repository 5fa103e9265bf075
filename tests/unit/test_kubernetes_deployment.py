"""What installs the product on a cluster names settings, rights and files that are there, by the API's own schema."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from quizapp.sandboxes.engine.kubernetes_pod import seccomp_file, seccomp_profile
from quizapp.sandboxes.recipe.template import LAB_UID, USERNS
from quizapp.settings import ROOT, Settings, env_names

FOLDER = ROOT / "deploy" / "kubernetes"
LISTS = sorted(FOLDER.rglob("kustomization.yaml"))


def parsed(path: Path) -> list[Any]:
    return [document for document in YAML(typ="safe").load_all(path.read_text(encoding="utf-8")) if document]


def objects() -> Iterator[Any]:
    """Every object of every file that a kustomization lists."""
    for path in LISTS:
        for named in parsed(path)[0]["resources"]:
            if (path.parent / named).is_file():
                yield from parsed(path.parent / named)


def one(kind: str, name: str) -> Any:
    (found,) = (each for each in objects() if (each["kind"], each["metadata"]["name"]) == (kind, name))
    return found


def settings(name: str) -> dict[str, str]:
    lines = (FOLDER / "product" / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_every_file_is_listed() -> None:
    listed = {path.parent / named for path in LISTS for named in parsed(path)[0]["resources"]}
    files = {path for path in FOLDER.rglob("*.yaml") if path not in LISTS}
    assert files == {path for path in listed if path.suffix}
    assert {path for path in listed if not path.suffix} == {path.parent for path in LISTS} - {FOLDER}


def test_every_object_fits_the_apis_schema() -> None:
    client = pytest.importorskip("kubernetes.client")
    models = {"Role": "V1Role", "RoleBinding": "V1RoleBinding", "NetworkPolicy": "V1NetworkPolicy"}
    kinds = set()
    for each in objects():
        kinds.add(each["kind"])
        getattr(client, models.get(each["kind"], f"V1{each['kind']}")).model_validate(each)  # no field more
    assert {"Deployment", "DaemonSet", "Ingress", "NetworkPolicy", "Role"} <= kinds


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl puts the parts together")
def test_the_parts_go_together(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "all")
    product = tmp_path / "all" / "product"
    shutil.copy(product / "secrets.example.env", product / "secrets.env")
    built = subprocess.run(["kubectl", "kustomize", tmp_path / "all"], capture_output=True, text=True, check=True)
    documents = list(YAML(typ="safe").load_all(built.stdout))
    images = re.findall(r"image: (\S+)", built.stdout)
    assert {document["metadata"].get("namespace") for document in documents if document["kind"] != "Namespace"} == {
        "quizapp", "quizapp-sandboxes", "quizapp-nodes"
    }  # fmt: skip
    assert set(images) == {"registry.example/quizapp:latest"}


def test_sandboxd_may_do_what_the_doctor_asks_for_and_no_more() -> None:
    checks = pytest.importorskip("quizapp.sandboxes.engine.kubernetes_checks")
    granted = {
        (verb, group, *(resource.split("/") if "/" in resource else (resource, "")))
        for rule in one("Role", "sandboxd")["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert granted == set(checks.RIGHTS)


def test_the_nodes_get_the_profile_that_pods_ask_for() -> None:
    (named,) = parsed(FOLDER / "nodes" / "kustomization.yaml")[0]["configMapGenerator"][0]["files"]
    name, _, file = named.partition("=")
    assert json.loads((FOLDER / "nodes" / file).read_text(encoding="utf-8")) == json.loads(seccomp_profile(USERNS))
    assert f"quizapp/{name}" == seccomp_file(USERNS)
    assert "/node/quizapp" in str(one("DaemonSet", "seccomp")["spec"]["template"]["spec"]["initContainers"])


def test_the_settings_are_settings_that_go_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings("settings.env") | settings("secrets.example.env")
    assert set(given) <= set(env_names())
    for name, value in given.items() | {("QUIZAPP_INSTANCE_DIR", str(tmp_path))}:
        monkeypatch.setenv(name, value)
    read = Settings.from_env()
    assert read.kubeconfig == ""
    assert read.max_sandboxes > 0
    assert read.sandbox_namespace == one("Namespace", "quizapp-sandboxes")["metadata"]["name"]
    (host,) = one("Ingress", "quizapp")["spec"]["tls"][0]["hosts"]
    assert read.public_url == f"https://{host}"


def test_sandboxd_alone_has_the_key_to_the_cluster() -> None:
    spec = one("Deployment", "quizapp")["spec"]["template"]["spec"]
    assert spec["automountServiceAccountToken"] is False
    with_key = [
        container["name"]
        for container in (*spec["initContainers"], *spec["containers"])
        if any(mount["name"] == "key" for mount in container["volumeMounts"])
    ]
    assert with_key == ["sandboxd"]
    assert spec["securityContext"]["runAsUser"] != LAB_UID


def test_no_sandbox_is_let_in_or_out() -> None:
    policy = one("NetworkPolicy", "nothing")["spec"]
    assert (policy["podSelector"], policy["policyTypes"]) == ({}, ["Ingress", "Egress"])
    assert not {"ingress", "egress"} & policy.keys()
