"""A misbehaving server, and both clients behind one face."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from secmaster_workflows import (
    AsyncWorkflowsClient,
    CallError,
    UpdateWorkflowInstanceResult,
    WorkflowInstanceCommand,
    WorkflowsClient,
)
from test_client.raw_server import Behaviour, RawServer

TOKEN = "gAAAAABtok-en/with+signs=="
IDENTITY: dict[str, Any] = {"token": TOKEN, "project_id": "p", "workspace_id": "w"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer has exported decides nothing here."""
    for name in ("ENDPOINT", "REGION", "TOKEN", "PROJECT_ID", "WORKSPACE_ID"):
        monkeypatch.delenv(f"SECMASTER_{name}", raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Starts a server that behaves as told; it ends with the test."""
    with ExitStack() as stack:
        yield lambda behave=None, **options: stack.enter_context(
            RawServer(**({} if behave is None else {"behave": behave}), **options).running()
        )


class Caller:
    """Makes calls with one of the two clients, a new one each time."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return self.kind

    def send(self, command: WorkflowInstanceCommand, instance_id: str = "i", **options: Any) -> Any:
        """The result of a command."""
        return self.run(lambda client: client.send(instance_id, command), **options)

    def retry(self, instance_id: str = "i", **options: Any) -> UpdateWorkflowInstanceResult:
        """The result of a retry."""
        result: UpdateWorkflowInstanceResult = self.run(lambda client: client.retry(instance_id), **options)
        return result

    def run(self, use: Callable[[Any], Any], **options: Any) -> Any:
        """What `use` makes of a client; awaited where it must be."""
        arguments = IDENTITY | options
        if self.kind == "sync":
            with WorkflowsClient(**arguments) as client:
                return use(client)

        async def main() -> Any:
            async with AsyncWorkflowsClient(**arguments) as client:
                return await use(client)

        return asyncio.run(main())

    def error(self, **options: Any) -> CallError:
        """The error that a retry ends in."""
        with pytest.raises(CallError) as caught:
            self.retry(**options)
        return caught.value


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    """The blocking client, then the one for asyncio."""
    return Caller(request.param)


@pytest.fixture
def outcome(caller: Caller, serve: Callable[..., RawServer]) -> Callable[..., Any]:
    """What a retry comes to against a server that behaves as told: a result or an error."""

    def run(behave: Behaviour, **options: Any) -> Any:
        server = serve(behave)
        try:
            return caller.retry(endpoint=server.url, max_retries=0, **options)
        except CallError as error:
            return error

    return run


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a self-signed certificate for localhost, key included, made for this run."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [openssl, "req", *kind, *name, "-keyout", file, "-out", f"{file}.cert"], check=True, capture_output=True
    )
    with file.open("ab") as both:
        both.write(Path(f"{file}.cert").read_bytes())
    return file


@pytest.fixture
def server_context(certificate: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """A client's side that trusts the server."""
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture
def tls_server(serve: Callable[..., RawServer], server_context: ssl.SSLContext) -> RawServer:
    """A server with a certificate that nobody has heard of."""
    return serve(context=server_context)
