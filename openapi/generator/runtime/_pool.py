"""
The built-in way to send: httpcore2's connection pool, built late and once, shared with no fork.
"""

import logging
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final, Protocol

import httpcore2

from ._attempt import CURRENT
from ._exchange import Headers, failed, read_body
from ._network import DeadlineBackend, GuardedStream
from ._options import Settings
from ._raw_answer import Failure, RawAnswer, gather_headers
from ._target import Target

if TYPE_CHECKING:
    import ssl


class _Pool(Protocol):
    def forget(self) -> None: ...


POOLS: Final[weakref.WeakSet[_Pool]] = weakref.WeakSet()  # those of this process, for what a fork leaves of them


class _MaskToken(logging.Filter):
    # httpcore2 logs the headers of answers at DEBUG; a server may echo the token in one.
    def filter(self, record: logging.LogRecord) -> bool:
        attempt = CURRENT.get(None)
        if attempt is not None:
            record.msg, record.args = attempt.secret.mask(record.getMessage()), ()
        return True


_MASK_TOKEN: Final = _MaskToken()
for _name in ("http11", "connection", "proxy"):
    logging.getLogger(f"httpcore2.{_name}").addFilter(_MASK_TOKEN)


def _context(settings: Settings) -> "ssl.SSLContext":
    import httpx2  # noqa: PLC0415 - slow, and of no use where no TLS is spoken

    # The environment decides nothing: SSL_CERT_FILE is not read.
    return settings.ssl_context or httpx2.create_ssl_context(trust_env=False)


def pool_options(settings: Settings, scheme: str) -> dict[str, Any]:
    """
    The arguments of httpcore2's pools, for threads and for asyncio.
    """
    # The environment decides nothing: HTTPS_PROXY is not read.
    context = _context(settings) if "https" in {scheme, (settings.proxy or "").partition(":")[0]} else None
    proxy = None
    if settings.proxy is not None:
        import httpx2  # noqa: PLC0415 - slow, and of no use where there is no proxy

        url = httpx2.URL(settings.proxy)
        proxy = httpcore2.Proxy(
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"),
            auth=(url.username, url.password) if url.username or url.password else None,
            ssl_context=context if url.scheme == "https" else None,
        )
    return {
        "ssl_context": context,
        "proxy": proxy,
        "max_connections": settings.max_connections,
        "keepalive_expiry": settings.keepalive_expiry,
    }


def request_of(target: Target, headers: Headers, body: bytes) -> httpcore2.Request:
    """
    The request as httpcore2 takes it.
    """
    url = httpcore2.URL(scheme=target.endpoint.scheme, host=target.host, port=target.port, target=target.path)
    extensions = {"timeout": {"pool": CURRENT.get().remaining()}}
    return httpcore2.Request(target.method, url, headers=headers, content=body, extensions=extensions)


class SyncPool:
    """
    The connections of one client, for all its threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: httpcore2.ConnectionPool | None = None
        self._lock = threading.Lock()
        POOLS.add(self)

    def forget(self) -> None:
        """
        In a forked child: the connections are the parent's, and so may be the lock.
        """
        self._pool, self._lock = None, threading.Lock()

    def close(self) -> None:
        """
        Closes all connections.
        """
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _opened(self, target: Target) -> httpcore2.ConnectionPool:
        pool = self._pool
        if pool is None:
            with self._lock:
                pool = self._pool
                if pool is None:
                    backend = DeadlineBackend()
                    options = pool_options(self._settings, target.endpoint.scheme)
                    pool = httpcore2.ConnectionPool(**options, network_backend=backend)
                    self._pool = pool
        return pool

    def exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        """
        One request, one answer. Faults are returned: a traceback from here would show frames that know the token.
        """
        attempt = CURRENT.get()
        try:
            response = self._opened(target).handle_request(request_of(target, headers, body))
        except Exception as error:  # noqa: BLE001 - every fault of the network ends in one typed error
            return failed(error, attempt)
        try:
            head = attempt.answer = RawAnswer(response.status, gather_headers(response.headers), b"")
            answer = read_body(head, response.iter_stream(), attempt, self._settings.max_answer_bytes)
            stream = response.extensions.get("network_stream")
            if isinstance(stream, GuardedStream) and not answer.defect:
                stream.guard.finish(answer.body, stream.get_extra_info("ssl_object"))
        finally:
            response.close()
        return answer


def _forget_all() -> None:
    for pool in list(POOLS):
        pool.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
