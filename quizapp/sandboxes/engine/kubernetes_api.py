"""The API server of a Kubernetes cluster through the official client, which no other file imports. Knows no sandbox.

The client's models check what is sent. Answers are read as JSON: as models they would be checked, at the same cost,
against the schema of one version, and the cluster may have another.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from kubernetes import client, config
from urllib3.exceptions import HTTPError
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from quizapp.sandboxes.client import EngineFault, EngineOff
from quizapp.sandboxes.engine import kubernetes_stream
from quizapp.sandboxes.engine.output import lines

CONNECT_S = 3.0  # a cluster answers at once or not at all
ANSWER_S = (
    5.0  # for one answer, twice at most: web waits 12 s for sandboxd. A creation under load takes a second or two
)
OPEN_S = 10.0  # for a command to be begun, which its node has to do
RETRY_S = 10
POOL = 32  # connections kept open: one for each start that is followed, the others for short requests
PING_S = 25.0  # between two pings of an open terminal: whatever is on the way keeps a connection that is used
SAID_CHARS = 300  # of the cluster's message, as many as a page has space for
AUTHORIZATION = "BearerToken"  # the client's name for what is in the header Authorization
IN_CLUSTER = "the cluster that it runs in"


@dataclass(frozen=True, kw_only=True)
class ApiAnswer:
    """An answer of the API server: its HTTP status, and the object or the error in it."""

    status: int
    body: Mapping[str, Any]

    @property
    def message(self) -> str:
        """What the server says of an error."""
        return str(self.body.get("message", f"status {self.status}")).strip()[:SAID_CHARS]


class KubernetesApi:
    """The API server that `kubeconfig` names, by its current context; without one, that of the cluster around us.

    Nothing is read or connected before the first use. Every method raises EngineOff if the server does not answer.
    """

    def __init__(self, kubeconfig: str) -> None:
        self.name = kubeconfig or IN_CLUSTER
        self._kubeconfig = kubeconfig
        self._lock = threading.Lock()
        self._api: client.ApiClient | None = None

    @property
    def core(self) -> client.CoreV1Api:
        """Pods, their logs and events."""
        return client.CoreV1Api(self._client())

    @property
    def coordination(self) -> client.CoordinationV1Api:
        """Leases."""
        return client.CoordinationV1Api(self._client())

    @property
    def authorization(self) -> client.AuthorizationV1Api:
        """What one may do."""
        return client.AuthorizationV1Api(self._client())

    @property
    def version(self) -> client.VersionApi:
        """The server's version."""
        return client.VersionApi(self._client())

    def ask(self, call: Callable[..., Any], *values: Any, also: tuple[int, ...] = (), **options: Any) -> ApiAnswer:
        """Call a method of the client with these values; its answer, also if its status is one of `also`.

        Raises EngineFault for any other error.
        """
        try:
            with self._reached():
                response = call(*values, _preload_content=False, _request_timeout=(CONNECT_S, ANSWER_S), **options)
                return ApiAnswer(status=response.status, body=_object(response.data))
        except client.ApiException as error:
            answer = ApiAnswer(status=int(error.status or 0), body=_object(error.body))
            if answer.status in also:
                return answer
            raise self._fault(answer) from error

    @contextmanager
    def lines(
        self, call: Callable[..., Any], *values: Any, give_up_s: float, **options: Any
    ) -> Iterator[Iterator[str]]:
        """The lines that a method of the client goes on to answer, for at most `give_up_s` seconds.

        Raises EngineFault if it answers with an error.
        """
        try:
            with self._reached():
                response = call(*values, _preload_content=False, _request_timeout=(CONNECT_S, give_up_s), **options)
        except client.ApiException as error:
            raise self._fault(ApiAnswer(status=int(error.status or 0), body=_object(error.body))) from error
        alarm = threading.Timer(give_up_s, lambda: _hang_up(response))
        alarm.daemon = True
        alarm.start()
        try:
            yield _until_lost(response)
        finally:
            alarm.cancel()
            _hang_up(response)
            response.close()

    def stream(self, path: str, query: list[tuple[str, str]]) -> ClientConnection | ApiAnswer:
        """A WebSocket to this path of the server, or the error with which it refused."""
        settings = self._client().configuration
        parts = urlsplit(settings.host)
        scheme = "wss" if parts.scheme == "https" else "ws"
        address = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + path, urlencode(query), ""))
        token = settings.get_api_key_with_prefix(AUTHORIZATION, alias="authorization")
        try:
            return connect(
                address,
                create_connection=kubernetes_stream.PromptConnection,
                legacy=True,  # returns the connection, not a context manager: it stays open after this function
                ssl=_tls(settings) if scheme == "wss" else None,
                server_hostname=settings.tls_server_name or None,
                additional_headers={"Authorization": token} if token else None,
                subprotocols=kubernetes_stream.PROTOCOLS,
                compression=None,
                proxy=settings.proxy,
                open_timeout=OPEN_S,
                close_timeout=kubernetes_stream.CLOSE_S,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                max_size=kubernetes_stream.MESSAGE_BYTES,
                max_queue=kubernetes_stream.MESSAGES,
            )
        except InvalidStatus as error:
            return ApiAnswer(status=error.response.status_code, body=_object(error.response.body))
        except (OSError, WebSocketException) as error:
            raise self._off() from error

    def _client(self) -> client.ApiClient:
        """The client, made at its first use."""
        with self._lock:
            if self._api is None:
                self._api = client.ApiClient(self._configuration())
            return self._api

    def _configuration(self) -> client.Configuration:
        made = client.Configuration()
        loads: Any = config  # has no types
        try:
            if self._kubeconfig:
                loads.load_kube_config(config_file=self._kubeconfig, client_configuration=made)
            else:
                loads.load_incluster_config(client_configuration=made)
        except (config.ConfigException, OSError, ValueError) as error:
            raise EngineOff(self._unreadable(), retry_after_s=RETRY_S) from error
        made.connection_pool_maxsize = POOL
        # By itself the client tries a server that hangs four times, for as long each. A read is tried once more: a
        # connection that was kept open may have been closed meanwhile.
        made.retries = urllib3.Retry(total=1, redirect=0, status=0, backoff_factor=0)
        return made

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn an error of the connection into EngineOff."""
        try:
            yield
        except (HTTPError, OSError) as error:
            raise self._off() from error

    def _off(self) -> EngineOff:
        return EngineOff(
            f"The API server of {self.name} does not answer. Start the cluster, or mend what QUIZAPP_ENGINE names.",
            retry_after_s=RETRY_S,
        )

    def _unreadable(self) -> str:
        if self._kubeconfig and not Path(self._kubeconfig).exists():
            return f"There is no file {self._kubeconfig}, which QUIZAPP_ENGINE names. Set it to a kubeconfig."
        if self._kubeconfig:
            return f"{self._kubeconfig}, which QUIZAPP_ENGINE names, is no kubeconfig with a current context. Mend it."
        return "This is no Pod with a service account. Set QUIZAPP_ENGINE to kubernetes:/path/to/a/kubeconfig."

    def _fault(self, answer: ApiAnswer) -> EngineFault | EngineOff:
        """The error for an answer that nobody expected."""
        if answer.status == 0:  # TLS: the client has made an error of its own of it
            return self._off()
        if answer.status in (401, 403):
            return EngineFault(
                f"The cluster does not let sandboxd do this: {answer.message}. The operator grants it.",
                retry_after_s=RETRY_S,
            )
        return EngineFault(f"The cluster refused: {answer.message}", retry_after_s=RETRY_S)


def _tls(settings: client.Configuration) -> ssl.SSLContext:
    """What the client uses for its requests, for a WebSocket."""
    context = ssl.create_default_context(cafile=settings.ssl_ca_cert)
    if not settings.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.cert_file:
        context.load_cert_chain(settings.cert_file, settings.key_file)
    return context


def _object(data: bytes | bytearray | str | None) -> Mapping[str, Any]:
    """An answer's JSON object; a message of it, if it is text."""
    text = data or "" if isinstance(data, str | None) else data.decode(errors="replace")
    with suppress(ValueError):
        said = json.loads(text)
        if isinstance(said, dict):
            return said
    return {"message": text} if text.strip() else {}


def _until_lost(response: Any) -> Iterator[str]:
    """The lines of a response until it ends or its connection is lost."""
    with suppress(HTTPError, OSError, ValueError):
        yield from lines(response.stream())


def _hang_up(response: Any) -> None:
    """Let whoever waits for more of the response go on; closing it would wait for them."""
    with suppress(HTTPError, OSError, ValueError, RuntimeError):
        response.shutdown()
