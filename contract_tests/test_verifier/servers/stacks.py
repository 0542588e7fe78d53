"""The reference server on other people's HTTP: the standard library's servers, wsgiref, starlette on uvicorn."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import Route

from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Answer, Peer, Request

Stack = Callable[[Reference], Any]


class _Handler(BaseHTTPRequestHandler):
    """Answers PUT, and 501 in HTML to what the library does not know; reads no chunks, as many a handler does not."""

    server_version, sys_version = "handler", ""
    reference: Reference

    def do_PUT(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = [(name.lower(), value) for name, value in self.headers.items()]
        path, _, query = self.path.partition("?")
        answer = asyncio.run(self.reference(Request(self.command, path, query, headers, body, Peer())))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Keep silent."""


def _say_nothing(*_: Any) -> None:
    """Leave broken pipes unsaid: the verifier may go before a server has answered."""


@contextmanager
def _in_thread(server: socketserver.TCPServer) -> Generator[str]:
    server.handle_error = _say_nothing  # type: ignore[assignment]  # the library wants a subclass of each server
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(reference: Reference, version: str, seconds: float | None = None) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"reference": reference, "protocol_version": version, "timeout": seconds})


@contextmanager
def threads_and_http_1_0(reference: Reference) -> Generator[str]:
    """`ThreadingHTTPServer`, one request a connection."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(reference, "HTTP/1.0"))
    with _in_thread(server) as url:
        yield url


@contextmanager
def threads_and_http_1_1(reference: Reference) -> Generator[str]:
    """`ThreadingHTTPServer`, connections kept."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(reference, "HTTP/1.1"))
    server.daemon_threads = True
    with _in_thread(server) as url:
        yield url


@contextmanager
def one_connection_at_a_time(reference: Reference) -> Generator[str]:
    """`HTTPServer`, which leaves whoever else calls waiting until a kept connection ends."""
    server = HTTPServer(("127.0.0.1", 0), _handler(reference, "HTTP/1.1", seconds=2.0))
    with _in_thread(server) as url:
        yield url


@contextmanager
def one_request_at_a_time(reference: Reference) -> Generator[str]:
    """`HTTPServer`, one request a connection."""
    server = HTTPServer(("127.0.0.1", 0), _handler(reference, "HTTP/1.0"))
    with _in_thread(server) as url:
        yield url


class _QuietWsgi(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Keep silent."""


@contextmanager
def wsgi(reference: Reference) -> Generator[str]:
    """`wsgiref`, which hands paths on decoded."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = [(name[5:].replace("_", "-").lower(), v) for name, v in environ.items() if name.startswith("HTTP_")]
        if environ.get("CONTENT_TYPE"):
            headers.append(("content-type", environ["CONTENT_TYPE"]))
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        answer = asyncio.run(reference(Request(environ["REQUEST_METHOD"], path, query, headers, body, Peer())))
        start_response(f"{answer.status} Answer", [*answer.headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    class Threading(socketserver.ThreadingMixIn, WSGIServer):
        daemon_threads = True

    server = make_server("127.0.0.1", 0, application, server_class=Threading, handler_class=_QuietWsgi)
    with _in_thread(server) as url:
        yield url


def _uvicorn(implementation: str) -> Stack:
    @contextmanager
    def stack(reference: Reference) -> Generator[str]:
        async def answer(request: StarletteRequest) -> Response:
            headers = [(name.decode(), value.decode("latin-1")) for name, value in request.headers.raw]
            path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
            said: Answer = await reference(Request(request.method, path, query, headers, await request.body(), Peer()))
            response = Response(said.body, said.status)
            response.raw_headers += [(name.lower().encode(), value.encode()) for name, value in said.headers]
            return response

        methods = ["PUT", "GET", "POST", "PATCH", "DELETE", "OPTIONS"]
        application = Starlette(routes=[Route("/{rest:path}", answer, methods=methods)])
        config = uvicorn.Config(application, port=0, log_config=None, http=implementation, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()

    return stack


STACKS: dict[str, Stack] = {
    "threads-and-http-1-0": threads_and_http_1_0,
    "threads-and-http-1-1": threads_and_http_1_1,
    "one-connection-at-a-time": one_connection_at_a_time,
    "one-request-at-a-time": one_request_at_a_time,
    "wsgi": wsgi,
    "uvicorn-h11": _uvicorn("h11"),
    "uvicorn-httptools": _uvicorn("httptools"),
}
