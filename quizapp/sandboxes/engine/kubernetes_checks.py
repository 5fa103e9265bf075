"""What a cluster lacks of what sandboxes need, with what to do about each. Asks it, and changes nothing that stays."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineFault
from quizapp.sandboxes.engine.kubernetes import KubernetesEngine
from quizapp.sandboxes.engine.protocol import NewContainer
from quizapp.sandboxes.recipe.template import USERNS

OLDEST = (1, 33)  # the first with user namespaces and an unmasked /proc by themselves; image volumes are from 1.35 on
LIFE_S = 120
READY_S = 60.0  # for a node that fetches the image first
REACHED_S = 20.0  # for all tries of REACH together
# verb, group, resource, subresource: what deploy/kubernetes grants, and no more.
RIGHTS = (
    *((verb, "", "pods", "") for verb in ("create", "get", "list", "watch", "patch", "delete")),
    ("get", "", "pods", "log"),
    ("get", "", "pods", "exec"),
    ("create", "", "pods", "exec"),
    ("list", "", "events", ""),
    *((verb, "coordination.k8s.io", "leases", "") for verb in ("create", "get", "delete")),
)
# Whom a sandbox's container should not reach. An open port answers, a closed one refuses: either shows the way there.
REACH = """
for place in "$KUBERNETES_SERVICE_HOST/${KUBERNETES_SERVICE_PORT:-443}" "$1/10250" 169.254.169.254/80; do
    [ "${place%%/*}" ] || continue
    said=$(timeout 3 bash -c ": < /dev/tcp/$place" 2>&1) && said=refused
    case $said in *refused*) echo "$place" ;; esac
done
"""
FIELDS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "hostUsers (UserNamespacesSupport)": lambda spec: spec.get("hostUsers"),
    "procMount (ProcMountType)": lambda spec: spec["containers"][0]["securityContext"].get("procMount"),
    "image volumes (ImageVolume)": lambda spec: [volume.get("image") for volume in spec["volumes"]],
    "schedulingGates": lambda spec: spec.get("schedulingGates"),
}
DUMMY = NewContainer(name="quizapp-doctor", labels={}, template=USERNS, lease_s=LIFE_S, life_s=LIFE_S)


@dataclass(frozen=True, kw_only=True)
class ClusterCheck:
    """One thing that sandboxes need of a cluster."""

    name: str
    trouble: str | None
    """Why it is not so, and what to do; None if it is."""


def cluster_checks(engine: KubernetesEngine) -> Iterator[ClusterCheck]:
    """Ask for version, rights and whether a sandbox would be admitted. A check that cannot be made says why."""
    for name, check in (("Version", _version), ("Rights", _rights), ("Admission", _admission)):
        try:
            yield ClusterCheck(name=name, trouble=check(engine))
        except QuizappError as error:
            yield ClusterCheck(name=name, trouble=str(error))


def network_check(engine: KubernetesEngine) -> ClusterCheck:
    """Start a sandbox, and try from its container whom it should not reach; the learner's own network is below it."""
    try:
        reached = _reached(engine)
    except QuizappError as error:
        return ClusterCheck(name="Network", trouble=str(error))
    said = (
        f"A sandbox's container reaches {', '.join(reached)}. Use a network plug-in that enforces NetworkPolicy, or a"
        " RuntimeClass without a gateway: see the guide."
    )
    return ClusterCheck(name="Network", trouble=said if reached else None)


def _version(engine: KubernetesEngine) -> str | None:
    version = engine.server_version()
    said = re.match(r"(\d+)\.(\d+)", version)
    if said is not None and (int(said[1]), int(said[2])) >= OLDEST:
        return None
    return f"It is Kubernetes {version or 'of no version'}. Upgrade it to {OLDEST[0]}.{OLDEST[1]} or newer."


def _rights(engine: KubernetesEngine) -> str | None:
    missing = [" ".join(filter(None, right)) for right in RIGHTS if not _may(engine, *right)]
    return f"Lacking in {engine.namespace}: {'; '.join(missing)}. Apply deploy/kubernetes." if missing else None


def _may(engine: KubernetesEngine, verb: str, group: str, resource: str, subresource: str) -> bool:
    attributes = {"namespace": engine.namespace, "verb": verb, "group": group, "resource": resource}
    if subresource:
        attributes["subresource"] = subresource
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = engine.api.ask(engine.api.authorization.create_self_subject_access_review, review)
    return bool(answer.body.get("status", {}).get("allowed"))


def _admission(engine: KubernetesEngine) -> str | None:
    """Why the cluster would not take a sandbox, or would drop a field of it. Creates nothing."""
    body = engine.body(DUMMY)
    answer = engine.api.ask(
        engine.api.core.create_namespaced_pod,
        engine.namespace,
        body,
        dry_run="All",
        field_validation="Strict",
        also=(400, 403, 404, 409, 422),
    )
    if answer.status not in (200, 201):
        return f"It refuses a sandbox: {answer.message}"
    # A field whose feature is off is left out without a word.
    dropped = [name for name, of in FIELDS.items() if of(answer.body["spec"]) != of(body["spec"])]
    return f"It drops {', '.join(dropped)}: switch these features on, or upgrade it." if dropped else None


def _reached(engine: KubernetesEngine) -> list[str]:
    """The addresses that answer a sandbox's container."""
    name = f"quizapp-doctor-{uuid4().hex[:12]}"
    ref = engine.create(NewContainer(name=name, labels={}, template=USERNS, lease_s=LIFE_S, life_s=LIFE_S))
    try:
        engine.start(ref)
        with closing(engine.follow(ref, give_up_s=READY_S)) as lines:
            if not any(line.text == "@ready" for line in lines):
                raise EngineFault("The sandbox did not get ready, so its network was not tried.", retry_after_s=1)
        command = ("/bin/bash", "-c", REACH, "reach", engine.node_address(ref))
        return engine.exec(ref, command, stdin=b"", give_up_s=REACHED_S, most_bytes=4096).decode().split()
    finally:
        engine.remove(ref)
