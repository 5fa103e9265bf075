"""What the Kubernetes adapter makes of a template and of an API server's answers. The server is a stand-in."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("kubernetes")

from quizapp import clock
from quizapp.sandboxes.client import EngineFault, EngineOff, ImageMissing, NoClearAnswer, SandboxState
from quizapp.sandboxes.engine import kubernetes as adapter
from quizapp.sandboxes.engine import kubernetes_api
from quizapp.sandboxes.engine.kubernetes import KubernetesEngine
from quizapp.sandboxes.engine.kubernetes_api import KubernetesApi
from quizapp.sandboxes.engine.kubernetes_checks import cluster_checks
from quizapp.sandboxes.engine.kubernetes_pod import PodImages, PodRef, found, lease_body, pod_body, seccomp_profile
from quizapp.sandboxes.engine.protocol import NameTaken, NewContainer, NoContainer
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.recipe.template import MIB, USERNS, VM
from tests.unit.sandboxes.engine.api_server import NAMESPACE, ApiServer, api_server
from tests.unit.sandboxes.pools import LIMITS, SIGNER, eventually

IMAGES = PodImages(sandbox="registry.example/sandbox:1", inner="registry.example/images:1")
SOON_S = 20.0


def new(name: str = "quizapp-one", **labels: str) -> NewContainer:
    return NewContainer(name=name, labels=labels, template=USERNS, lease_s=60, life_s=120)


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with api_server() as server:
        yield server


@pytest.fixture
def engine(server: ApiServer, tmp_path: Path) -> KubernetesEngine:
    return KubernetesEngine(KubernetesApi(str(server.kubeconfig(tmp_path))), NAMESPACE, {"userns": IMAGES})


@pytest.fixture
def ref(engine: KubernetesEngine) -> str:
    """A Pod that runs."""
    made = engine.create(new())
    engine.start(made)
    with closing(engine.follow(made, give_up_s=SOON_S)) as lines:
        next(lines)
    return made


def own_name(ref: str) -> str:
    return PodRef.parsed(ref).name


def body() -> Any:
    return pod_body(new(), IMAGES, runtime="")


def test_a_pod_is_closed_up() -> None:
    spec = body()["spec"]
    assert (spec["hostUsers"], spec["automountServiceAccountToken"], spec["enableServiceLinks"]) == (False,) * 3
    assert spec["securityContext"] == {"runAsUser": 1999, "runAsGroup": 1999, "runAsNonRoot": True}
    (container,) = spec["containers"]
    security = container["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["SETUID", "SETGID"]}
    assert (security["procMount"], security["readOnlyRootFilesystem"], security["privileged"]) == (
        "Unmasked", True, False
    )  # fmt: skip
    assert security["seccompProfile"]["type"] == "Localhost"
    assert container["resources"]["limits"] == {"memory": str(1024 * MIB)}
    assert spec["volumes"][0]["image"]["reference"] == IMAGES.inner
    assert spec["volumes"][1]["emptyDir"] == {"medium": "Memory", "sizeLimit": str(MIB)}
    assert not any("hostPath" in volume for volume in spec["volumes"])
    assert (spec["dnsPolicy"], spec["restartPolicy"], spec["terminationGracePeriodSeconds"]) == ("None", "Never", 1)


def test_a_pod_has_no_field_that_the_api_does_not_know() -> None:
    models = pytest.importorskip("kubernetes.client")
    models.V1Pod.model_validate(body())  # refuses a field that it does not know
    models.V1Lease.model_validate(lease_body("a-name", PodRef(name="pod", uid="uid")))
    with pytest.raises(ValueError, match="hostUser"):
        models.V1Pod.model_validate(body() | {"spec": body()["spec"] | {"hostUser": False}})


def test_a_profile_is_in_the_form_that_runtimes_read() -> None:
    profile = seccomp_profile(USERNS)
    assert '"architectures"' in profile
    assert "archMap" not in profile


def test_labels_that_somebody_wrote_over_are_none() -> None:
    pod = body()
    pod["metadata"] |= {"name": "quizapp-one-x", "uid": "1", "creationTimestamp": "2026-11-28T10:00:00Z"}
    pod["metadata"]["annotations"]["quizapp.sandbox/labels"] = "{"
    assert found(pod).labels == {}


def test_a_template_that_is_no_pod_is_refused(engine: KubernetesEngine) -> None:
    with pytest.raises(EngineFault, match="template vm"):
        engine.create(NewContainer(name="one", labels={}, template=VM, lease_s=1, life_s=1))


def test_a_claim_is_made_again_when_a_node_has_written_meanwhile(
    engine: KubernetesEngine, server: ApiServer, ref: str
) -> None:
    server.writes_before_claim = 2
    engine.claim(ref, "quizapp-ada")
    assert list(server.kept["leases"]) == ["quizapp-one", "quizapp-ada"]
    assert server.kept["pods"][own_name(ref)]["metadata"]["annotations"]["quizapp.sandbox/name"] == "quizapp-ada"


def test_of_two_claims_of_a_pod_the_second_gets_nothing(
    engine: KubernetesEngine, server: ApiServer, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = engine._read(PodRef.parsed(ref))
    engine.claim(ref, "quizapp-ada")
    monkeypatch.setattr(engine, "_read", _once(read, engine._read))
    with pytest.raises(NoContainer, match="somebody else"):
        engine.claim(ref, "quizapp-bob")
    assert "quizapp-bob" not in server.kept["leases"], "bob may have another one"


def _once(first: object, others: Callable[[PodRef], object]) -> Callable[[PodRef], object]:
    given = [first]
    return lambda pod: given.pop() if given else others(pod)


def test_the_name_of_a_pod_that_is_gone_can_be_had(engine: KubernetesEngine, server: ApiServer) -> None:
    server.put("leases", lease_body("quizapp-one", PodRef(name="quizapp-one", uid="of the one before")))
    engine.create(new())


def test_a_command_for_a_pod_that_is_gone_reaches_no_later_one_of_its_name(engine: KubernetesEngine, ref: str) -> None:
    engine.remove(ref)
    again = engine.create(new())
    engine.start(again)
    with closing(engine.follow(again, give_up_s=SOON_S)) as lines:
        next(lines)
    with pytest.raises(NoContainer):
        engine.open(ref, ("true",))


@pytest.mark.parametrize(
    ("reason", "says"), [("CreateContainerError", "cannot start a sandbox"), ("RunContainerError", "RunContainerError")]
)
def test_a_container_that_cannot_be_made_is_not_waited_for(
    engine: KubernetesEngine, server: ApiServer, reason: str, says: str
) -> None:
    server.waiting_reason = reason
    ref = engine.create(new())
    engine.start(ref)
    with pytest.raises(EngineFault, match=says):
        next(engine.follow(ref, give_up_s=SOON_S))


def test_a_pod_that_never_goes_is_said(
    engine: KubernetesEngine, server: ApiServer, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "REMOVAL_S", 0.2)
    monkeypatch.setattr(server, "_gone", lambda kind, name: None)
    with pytest.raises(EngineFault, match="does not finish removing"):
        engine.remove(ref)


def test_without_the_right_to_events_the_operator_is_told_where_to_look(
    engine: KubernetesEngine, server: ApiServer
) -> None:
    server.is_scheduled, server.denied = False, {("list", "events")}
    ref = engine.create(new())
    engine.start(ref)
    with pytest.raises(EngineFault, match="kubectl describe pod"):
        next(engine.follow(ref, give_up_s=0.3))


def test_a_claim_gives_up_on_a_pod_that_is_written_to_all_the_time(
    engine: KubernetesEngine, server: ApiServer, ref: str
) -> None:
    server.writes_before_claim = 1_000
    with pytest.raises(EngineFault, match="written to all the time"):
        engine.claim(ref, "quizapp-ada")
    assert "quizapp-ada" not in server.kept["leases"]


def test_a_name_that_is_taken_leaves_no_pod(engine: KubernetesEngine, server: ApiServer, ref: str) -> None:
    engine.claim(ref, "quizapp-ada")
    with pytest.raises(NameTaken):
        engine.create(new("quizapp-ada"))
    assert list(server.kept["pods"]) == [own_name(ref)]


def test_an_image_that_no_node_has_is_said_and_then_forgotten(
    engine: KubernetesEngine, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.waiting_reason = "ErrImagePull"
    ref = engine.create(new())
    engine.start(ref)
    with pytest.raises(ImageMissing, match="ErrImagePull"):
        next(engine.follow(ref, give_up_s=SOON_S))
    health = engine.health()
    assert (health.engine, health.image) == (True, False)
    monkeypatch.setattr(adapter, "IMAGE_TROUBLE_S", 0.0)
    assert engine.health().image, "another start may find it"


def test_health_names_the_version_once_asked(engine: KubernetesEngine, server: ApiServer) -> None:
    assert engine.health().version == engine.health().version == "Kubernetes 1.36.2"
    assert server.asked.count("GET /version/") == 1


def test_a_pod_that_no_node_takes_says_why(engine: KubernetesEngine, server: ApiServer) -> None:
    server.is_scheduled = False
    ref = engine.create(new())
    engine.start(ref)
    with pytest.raises(EngineFault, match="0/1 nodes are available"):
        next(engine.follow(ref, give_up_s=0.3))


def test_a_log_that_is_cut_goes_on_where_it_was(engine: KubernetesEngine, server: ApiServer) -> None:
    server.prints, server.cuts_log_after = ("one", "two", "three"), 2
    ref = engine.create(new())
    engine.start(ref)
    with closing(engine.follow(ref, give_up_s=SOON_S)) as lines:
        assert [next(lines).text for _ in range(3)] == ["one", "two", "three"]


def test_a_log_ends_with_its_container(engine: KubernetesEngine, server: ApiServer, ref: str) -> None:
    server.end(own_name(ref))
    assert [line.text for line in engine.follow(ref, give_up_s=SOON_S)] == ["@step world", "@ready"]


def test_output_without_an_exit_status_is_not_taken_as_whole(
    engine: KubernetesEngine, server: ApiServer, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.commands, "_end", lambda socket, status: socket.close())
    with pytest.raises(NoClearAnswer):
        engine.exec(ref, ("echo", "half"), stdin=b"", give_up_s=SOON_S, most_bytes=100)


def test_a_program_that_is_not_there_is_a_fault(engine: KubernetesEngine, ref: str) -> None:
    with pytest.raises(EngineFault, match="OCI runtime exec failed"):
        engine.exec(ref, ("no-such-program",), stdin=b"", give_up_s=SOON_S, most_bytes=100)


@pytest.mark.parametrize("verb", ["get", "create"])
def test_a_command_needs_both_rights(engine: KubernetesEngine, server: ApiServer, ref: str, verb: str) -> None:
    server.denied = {(verb, "pods/exec")}
    with pytest.raises(EngineFault, match="get and create of pods/exec"):
        engine.open(ref, ("true",))


def test_a_server_that_says_nothing_is_off(
    engine: KubernetesEngine, server: ApiServer, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes_api, "ANSWER_S", 0.2)
    monkeypatch.setattr(kubernetes_api, "OPEN_S", 0.2)
    server.silent_at = {"pods", "exec"}
    with pytest.raises(EngineOff, match="does not answer"):
        engine.require()
    with pytest.raises(EngineOff, match="does not answer"):
        engine.open(ref, ("true",))
    assert not engine.health().engine


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_server_that_says_nothing_over_tls_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """websockets 17.4 alone waits without end after a handshake of TLS 1.3; see findings/."""
    monkeypatch.setattr(kubernetes_api, "OPEN_S", 0.5)
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-subj", "/CN=localhost", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[ssl.SSLSocket] = []
        thread = threading.Thread(target=lambda: kept.append(context.wrap_socket(listening.accept()[0], True)))
        thread.start()
        config = tmp_path / "kubeconfig"
        address = f"https://127.0.0.1:{listening.getsockname()[1]}"
        config.write_text(
            "{clusters: [{name: c, cluster: {server: '" + address + "', insecure-skip-tls-verify: true}}],"
            " contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: {token: t}}],"
            " current-context: c}"
        )
        with pytest.raises(EngineOff, match="does not answer"):
            KubernetesApi(str(config)).stream("/api", [])
        thread.join()
        kept[0].close()


def test_a_kubeconfig_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("{}")
    for file, why in ((tmp_path / "nowhere", "There is no file"), (tmp_path / "empty", "no kubeconfig")):
        with pytest.raises(EngineOff, match=why):
            KubernetesApi(str(file)).core  # noqa: B018 - its first use reads the file
    with pytest.raises(EngineOff, match="no Pod with a service account"):
        KubernetesApi("").core  # noqa: B018


def test_a_cluster_that_has_everything(engine: KubernetesEngine, server: ApiServer) -> None:
    assert {check.name: check.trouble for check in cluster_checks(engine)} == {
        "Version": None, "Rights": None, "Admission": None
    }  # fmt: skip
    assert server.kept["pods"] == {}, "nothing was created"


def test_what_a_cluster_lacks_is_said_with_what_to_do(engine: KubernetesEngine, server: ApiServer) -> None:
    server.says_version = "1.29.4-gke.100"
    server.denied = {("get", "pods/exec"), ("delete", "leases")}
    server.drops = {"hostUsers"}
    version, rights, admission = (check.trouble or "" for check in cluster_checks(engine))
    assert "1.29.4-gke.100. Upgrade it to 1.33" in version
    assert "get pods exec; delete coordination.k8s.io leases. Apply deploy/kubernetes" in rights
    assert "hostUsers (UserNamespacesSupport)" in admission
    server.denied = {("create", "pods")}
    assert "cannot create" in [check.trouble or "" for check in cluster_checks(engine)][2]


def test_a_pool_gives_out_pods_finds_them_again_and_leaves_nothing(engine: KubernetesEngine, server: ApiServer) -> None:
    limits = replace(LIMITS, warm=1, ready_by=timedelta(seconds=SOON_S), removed_by=timedelta(seconds=SOON_S))
    ids = map(str, count())

    def pool() -> Pool:
        return Pool(engine, SIGNER, (USERNS,), limits, now=clock.now, new_id=lambda: next(ids), lacking=lambda *_: ())

    first = pool()
    first.tick()
    eventually(lambda: [one.state for one in first.list()] == [SandboxState.READY])
    claimed = first.ask(owner="ada@example.org", template="userns")
    assert claimed.state is SandboxState.CLAIMED, "the warm one"
    first.stop()
    second = pool()
    again = second.ask(owner="ada@example.org", template="userns")
    assert (again.id, again.owner) == (claimed.id, "ada@example.org")
    eventually(lambda: second.get(again.id).state is SandboxState.CLAIMED)
    second.end(again.id)
    eventually(lambda: again.id not in [one.id for one in second.list()])
    second.stop()
    reaper.sweep(engine, SIGNER, everything=True, now=clock.now())
    assert server.kept["pods"] == {}
