"""The Pod that a template's sandbox is, as the API takes it, and what an engine reads from one. Knows no client of it.

Docker's flags that a Pod has no field for are the node's: the limit of processes (`podPidsLimit`) and the size of what
is kept of its output (`containerLogMaxSize`).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quizapp.sandboxes.engine.protocol import Found, NewContainer
from quizapp.sandboxes.recipe import seccomp
from quizapp.sandboxes.recipe.template import IMAGES_DIR, LAB_UID, START, Template

CONTAINER = "sandbox"  # the name of a Pod's only container
HOST_NAME = "docker-host"  # what the learner's prompt shows
GATE = "quizapp.sandbox/start"  # while a Pod has this scheduling gate, nothing of it runs
NAME = "quizapp.sandbox/name"  # the annotation with the present name, which may have more letters than a label
LABELS = "quizapp.sandbox/labels"  # the annotation with all labels as JSON: a signature is longer than a label may be
LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
COMPONENT = {"app.kubernetes.io/part-of": "quizapp", "app.kubernetes.io/component": "sandbox"}  # what policies select
GRACE_S = 1  # 0 would delete the object while its processes run, and its absence would say nothing of them
CPU = "50m"  # that the scheduler keeps free for each: an idle one uses less, and 51 shares are what it gets when busy
# An idle one takes 50 MiB, one with a few containers about 150: so many fit on a node, each up to its own limit.
MEMORY_REQUEST_BYTES = 192 * 1024 * 1024
# Past the end of a life the first process has ended itself; the node ends what did not.
DEADLINE_SLACK_S = 120
NO_RESOLVER = "192.0.2.1"  # an address kept for documentation: the cluster's own resolver is none of a learner's


@dataclass(frozen=True, kw_only=True)
class PodImages:
    """The references of a template's two images, as nodes know or pull them."""

    sandbox: str
    inner: str
    """The image whose files are the inner images, mounted as a volume."""


@dataclass(frozen=True, kw_only=True)
class PodRef:
    """A Pod, told from a later one of the same name. As a `ref` it is both with a slash between."""

    name: str
    uid: str

    @classmethod
    def parsed(cls, ref: str) -> "PodRef":
        """The Pod of a `ref`; one without a slash is no Pod's."""
        name, _, uid = ref.partition("/")
        return cls(name=name, uid=uid)

    def __str__(self) -> str:
        return f"{self.name}/{self.uid}"


def seccomp_file(template: Template) -> str:
    """Where a node keeps the template's profile, below the kubelet's folder for them; another content, another name."""
    return f"quizapp/{template.name}-{hashlib.sha256(seccomp_profile(template).encode()).hexdigest()[:12]}.json"


def seccomp_profile(template: Template) -> str:
    """The template's profile as JSON in the runtime's form."""
    assert template.system_calls is not None
    return seccomp.runtime_form(template.system_calls)


def pod_body(new: NewContainer, images: PodImages, *, runtime: str) -> dict[str, Any]:
    """The Pod to create, which waits at its gate. `runtime` is a RuntimeClass, or empty for the cluster's default."""
    short = {name: value for name, value in new.labels.items() if LABEL_VALUE.fullmatch(value)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            # A command is sent to a Pod's name alone, and must reach no later one: this name comes once.
            "generateName": f"{new.name}-",
            "labels": {**short, **COMPONENT},
            "annotations": {NAME: new.name, LABELS: json.dumps(dict(new.labels), sort_keys=True)},
        },
        "spec": _spec(new, images) | ({"runtimeClassName": runtime} if runtime else {}),
    }


def _spec(new: NewContainer, images: PodImages) -> dict[str, Any]:
    template = new.template
    return {
        "schedulingGates": [{"name": GATE}],
        "restartPolicy": "Never",
        "activeDeadlineSeconds": new.life_s + DEADLINE_SLACK_S,
        "terminationGracePeriodSeconds": GRACE_S,
        "hostUsers": False,  # its ids are nobody's on the node, and only then may it see a whole /proc
        "hostname": HOST_NAME,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "dnsPolicy": "None",
        "dnsConfig": {"nameservers": [NO_RESOLVER]},
        "securityContext": {"runAsUser": LAB_UID, "runAsGroup": LAB_UID, "runAsNonRoot": True},
        "containers": [_container(new, images)],
        "volumes": [
            {"name": "images", "image": {"reference": images.inner, "pullPolicy": "IfNotPresent"}},
            *(
                {"name": _volume(folder.path), "emptyDir": {"medium": "Memory", "sizeLimit": str(folder.size_bytes)}}
                for folder in template.memory_folders
            ),
        ],
    }


def _container(new: NewContainer, images: PodImages) -> dict[str, Any]:
    template = new.template
    environment = {
        "SANDBOX_LEASE_S": str(new.lease_s),
        "SANDBOX_LIFE_S": str(new.life_s),
        "SANDBOX_NAME": HOST_NAME,
    }
    return {
        "name": CONTAINER,
        "image": images.sandbox,
        "imagePullPolicy": "IfNotPresent",  # a tag is a hash of what the image is made from
        "command": [START],
        "env": [{"name": name, "value": value} for name, value in environment.items()],
        "securityContext": _security(template),
        "resources": {
            "requests": {"cpu": CPU, "memory": str(min(MEMORY_REQUEST_BYTES, template.memory_bytes))},
            "limits": {"memory": str(template.memory_bytes)},
        },
        "volumeMounts": [
            {"name": "images", "mountPath": IMAGES_DIR, "readOnly": True},
            *({"name": _volume(folder.path), "mountPath": folder.path} for folder in template.memory_folders),
        ],
    }


def _security(template: Template) -> dict[str, Any]:
    return {
        "allowPrivilegeEscalation": template.gains_privileges,
        "capabilities": {"drop": ["ALL"], "add": list(template.capabilities)},
        "privileged": False,
        "procMount": "Unmasked" if template.mounts else "Default",
        "readOnlyRootFilesystem": not template.writes_to_image,
        "seccompProfile": {"type": "RuntimeDefault"}
        if template.system_calls is None
        else {"type": "Localhost", "localhostProfile": seccomp_file(template)},
    }


def _volume(path: str) -> str:
    return f"memory{path.replace('/', '-')}"


def lease_body(name: str, pod: PodRef) -> dict[str, Any]:
    """The Lease that makes `name` this Pod's own: there is at most one, and it goes with the Pod."""
    owner = {"apiVersion": "v1", "kind": "Pod", "name": pod.name, "uid": pod.uid}
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": name, "labels": dict(COMPONENT), "ownerReferences": [owner]},
        "spec": {"holderIdentity": str(pod)},
    }


def present_name(pod: Mapping[str, Any]) -> str:
    """The name that people see, which a claim changes."""
    return str(pod["metadata"].get("annotations", {}).get(NAME, pod["metadata"]["name"]))


def is_fresh(pod: Mapping[str, Any]) -> bool:
    """Whether the Pod was created and never started."""
    return bool(pod["spec"].get("schedulingGates")) and not _is_going(pod)


def has_started(pod: Mapping[str, Any]) -> bool:
    """Whether the Pod was started and has not ended; a node may still be fetching its image."""
    return phase(pod) in ("Pending", "Running") and not is_fresh(pod) and not _is_going(pod)


def phase(pod: Mapping[str, Any]) -> str:
    """Pending, Running, Succeeded, Failed or Unknown."""
    return str(pod.get("status", {}).get("phase", "Unknown"))


def waits_for(pod: Mapping[str, Any]) -> tuple[str, str]:
    """Why the container does not run yet: the node's reason and its message; both empty if it gives none."""
    for status in pod.get("status", {}).get("containerStatuses") or ():
        waiting = (status.get("state") or {}).get("waiting") or {}
        return str(waiting.get("reason", "")), str(waiting.get("message", ""))
    return "", ""


def found(pod: Mapping[str, Any]) -> Found:
    """The Pod as an engine lists it."""
    metadata = pod["metadata"]
    return Found(
        ref=str(PodRef(name=metadata["name"], uid=metadata["uid"])),
        name=present_name(pod),
        labels=_labels(metadata),
        created_at=datetime.fromisoformat(metadata["creationTimestamp"]).astimezone(UTC),
        running=has_started(pod),
        fresh=is_fresh(pod),
    )


def _labels(metadata: Mapping[str, Any]) -> dict[str, str]:
    """The labels that it was created with; none if somebody else has written over them."""
    try:
        kept = json.loads(metadata.get("annotations", {}).get(LABELS, "{}"))
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


def _is_going(pod: Mapping[str, Any]) -> bool:
    return bool(pod["metadata"].get("deletionTimestamp"))
