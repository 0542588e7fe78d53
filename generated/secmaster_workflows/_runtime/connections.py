# Derived from openapi/generator/runtime/_runtime/async_connections.py by `make generate`; do not edit.
"""
The ways to send: connections of the client's own, or an httpx2 transport that it is given.
"""

import base64
import ipaddress
import itertools
import math
import socket
import threading
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit
from weakref import WeakSet, WeakValueDictionary

import h11

from .answer import Failure, Fault, RawAnswer, gather_headers, received
from .endpoint import PORTS, Endpoint
from .names import Address, Wakeable, look_up
from .options import Settings
from .request import Attempt
from .secret import AsyncTokenSource, ReadToken, Secret, TokenSource
from .threads import Place, Socket, TimeLimit, Wake, ask_for_token, is_over, this_place

if TYPE_CHECKING:
    import ssl

    import httpx2

_LARGEST_HEAD: Final = 100 * 1024
_RECORD: Final = 16 * 1024  # RFC 8446, 5.1
_FIRST_TRY: Final = 0.3  # seconds for each of several addresses, before each has its share of the time


class Way:
    """
    What all ways have in common: an end, which wakes whoever waits.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._waiting: WeakSet[Wakeable] = WeakSet()
        self._renewing: WeakSet[Wake] = WeakSet()  # one at most; what an interruption loses is lost to this, too
        self._renewals: WeakSet[Wake] = WeakSet()  # those that wait for it
        self._renewed: tuple[float, Secret] | None = None
        self.closed = False

    def expect(self, wake: Wakeable) -> None:
        """
        Wakes it when the client is closed.

        Raises:
            Fault: It is closed.
        """
        with self._lock:
            self.check_open()
            self._waiting.add(wake)

    def check_open(self) -> None:
        """
        Raises a fault once the client is closed.
        """
        if self.closed:
            raise _closed()

    def close(self) -> None:
        """
        Ends every wait; nothing is sent from now on.
        """
        with self._lock:
            self.closed = True
            waiting = list(self._waiting)
        for wake in waiting:
            wake.set()

    def ask_for_token(self, source: "TokenSource | AsyncTokenSource", until: float) -> ReadToken:
        """
        What the function for the token gives.
        """
        return ask_for_token(source, until, self.expect)

    def renew_token(self, source: "TokenSource | AsyncTokenSource", since: float, until: float) -> ReadToken:
        """
        What the function for the token gives once more. Calls that want it at the same time share one answer.

        Args:
            source: The function.
            since: When the token was asked for that was refused, on the monotonic clock.
            until: When it must have given another.
        """
        wake = Wake()
        self.expect(wake)
        with TimeLimit(until):
            while True:
                with self._lock:
                    self.check_open()
                    if self._renewed is not None and self._renewed[0] > since:
                        return self._renewed[1]
                    if not self._renewing:
                        self._renewing.add(wake)
                        break
                    self._renewals.add(wake)
                if not wake.wait(until):
                    raise Fault("no token was given by the deadline", timed_out=True)
        begun = time.monotonic()
        try:
            token = self.ask_for_token(source, until)
            if isinstance(token, Secret):
                self._renewed = begun, token
            return token
        finally:
            with self._lock:
                self._renewing.discard(wake)
                waiting = list(self._renewals)
                self._renewals.clear()
            for other in waiting:
                other.set()

    def pause(self, seconds: float) -> None:
        """
        Waits; until the client is closed at most.
        """
        wake, until = Wake(), time.monotonic() + seconds
        with suppress(Fault):
            self.expect(wake)
            with TimeLimit(until):
                wake.wait(until)

    def exchange(self, attempt: Attempt) -> RawAnswer | Failure:
        """
        One request, one answer, within the deadline.
        """
        try:
            with TimeLimit(attempt.deadline):
                self._exchange(attempt)
        except Fault as error:
            fault = _closed() if self.closed else error
            return received(attempt, attempt.settings.max_answer_bytes, fault)
        return received(attempt, attempt.settings.max_answer_bytes)

    def _exchange(self, attempt: Attempt) -> None:
        raise NotImplementedError

    def abandon(self) -> None:
        """
        Lets go of what an event loop that has ended, or the parent of a forked process, has left.
        """


def _closed() -> Fault:
    return Fault("the client was closed", hopeless=True)


class _TLS:
    # TLS over a socket. OpenSSL never sees the socket itself, so that whoever closes the client may shut that down.
    def __init__(self, below: Socket, context: "ssl.SSLContext", host: str) -> None:
        import ssl  # noqa: PLC0415 - slow, and of no use where no TLS is spoken

        self._ssl = ssl
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    def shake_hands(self, until: float) -> None:
        try:
            self._run(self._tls.do_handshake, until)
        except self._ssl.SSLError as error:
            with suppress(Fault):
                self._below.send(memoryview(self._outgoing.read()), until)
            raise Fault(f"TLS failed: {error}", hopeless=True) from error

    def send(self, data: memoryview, until: float) -> None:
        try:
            for start in range(0, len(data), _RECORD):
                self._run(self._tls.write, until, data[start : start + _RECORD])
        except self._ssl.SSLError as error:
            raise Fault(f"TLS failed: {error}") from error

    def receive(self, until: float) -> bytes:
        try:
            read: bytes = self._run(self._tls.read, until, 4 * _RECORD)
        except self._ssl.SSLEOFError:
            return b""
        except self._ssl.SSLError as error:
            raise Fault(f"TLS failed: {error}") from error
        return read

    def _run(self, step: Any, until: float, *arguments: Any) -> Any:
        while True:
            done, result = True, None
            try:
                result = step(*arguments)
            except self._ssl.SSLWantReadError:
                done = False
            if self._outgoing.pending:
                self._below.send(memoryview(self._outgoing.read()), until)
            if done:
                return result
            if data := self._below.receive(until):
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def is_quiet(self) -> bool:
        try:
            self._tls.read(1)
        except self._ssl.SSLWantReadError:
            return self._below.is_quiet()
        except self._ssl.SSLError:
            return False
        return False


class _Connection:
    # A place in the pool, and the connection that comes to be there.
    def __init__(self) -> None:
        self.socket: Socket | None = None
        self.line: Socket | _TLS | None = None
        self.parser = h11.Connection(h11.CLIENT, _LARGEST_HEAD)
        self.reusable = False
        self.idle_until = 0.0

    def get_line(self) -> "Socket | _TLS":
        if self.line is None:
            raise Fault("there is no connection")
        return self.line

    def is_usable(self) -> bool:
        return self.line is not None and time.monotonic() < self.idle_until and self.line.is_quiet()

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()


class Pool(Way):
    """
    Connections to one endpoint. They are kept for the next request only if nothing but the answer has come.
    """

    def __init__(self, settings: Settings, endpoint: Endpoint) -> None:
        super().__init__(settings)
        self._endpoint = endpoint
        self._proxy = None if settings.proxy is None else urlsplit(settings.proxy)
        self._context: ssl.SSLContext | None = None
        self._idle: list[_Connection] = []
        # What an interruption loses is lost to these, too: it takes no place for ever.
        self._busy: WeakSet[_Connection] = WeakSet()
        self._queue: WeakValueDictionary[int, Wake] = WeakValueDictionary()
        self._tickets = itertools.count()

    def close(self) -> None:
        """
        Closes all connections; those of calls under way are closed by these.
        """
        super().close()
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            for connection in self._busy:
                if connection.socket is not None:
                    connection.socket.shut_down()

    def abandon(self) -> None:
        """
        Closes the connections without a word to whom they lead: a forked process has copies of its parent's.
        """
        for connection in [*self._idle, *self._busy]:
            connection.close()

    def _exchange(self, attempt: Attempt) -> None:
        connection = self._lease(attempt)
        try:
            if connection.line is None:
                self._connect(connection, attempt)
            whole = self._send(connection, attempt)
            connection.reusable = self._receive(connection, attempt) and whole
        finally:
            self._give_back(connection)

    def _lease(self, attempt: Attempt) -> _Connection:
        if (connection := self._take(None)) is not None:
            return connection
        wake, ticket = Wake(), next(self._tickets)
        self.expect(wake)
        try:
            with self._lock:
                self._queue[ticket] = wake
            while (connection := self._take(wake)) is None:
                if not wake.wait(attempt.deadline):
                    raise Fault("no connection was free by the deadline", timed_out=True)
            return connection
        finally:
            with self._lock:
                self._queue.pop(ticket, None)
                self._call_next()

    def _first(self) -> Wake | None:
        return next(iter(self._queue.values()), None) if self._queue else None

    def _call_next(self) -> None:
        if (first := self._first()) is not None:
            first.set()

    def _take(self, wake: Wake | None) -> _Connection | None:
        with self._lock:
            self.check_open()
            if self._first() is not wake:
                return None
            while self._idle:
                connection = self._idle.pop()
                if connection.is_usable():
                    self._busy.add(connection)
                    return connection
                connection.close()
            if len(self._busy) >= self._settings.max_connections:
                return None
            connection = _Connection()
            self._busy.add(connection)
            return connection

    def _give_back(self, connection: _Connection) -> None:
        with self._lock:
            if connection.reusable and self._settings.keepalive_expiry and not self.closed:
                connection.reusable = False
                connection.idle_until = time.monotonic() + self._settings.keepalive_expiry
                self._idle.append(connection)
            else:
                connection.close()
            self._busy.discard(connection)
            while self._idle and self._idle[0].idle_until < time.monotonic():
                self._idle.pop(0).close()
            self._call_next()

    def _connect(self, connection: _Connection, attempt: Attempt) -> None:
        until = min(time.monotonic() + attempt.settings.connect_timeout, attempt.deadline)
        endpoint, proxy = self._endpoint, self._proxy
        host, port = endpoint.host, endpoint.port
        if proxy is not None:
            host, port = proxy.hostname or "", proxy.port or PORTS[proxy.scheme]
        with TimeLimit(until):
            reached = self._reach(host, port, connection, until)
            connection.line = reached
            if proxy is not None and endpoint.scheme == "https":
                self._open_tunnel(reached, until)
            if "https" in {endpoint.scheme, proxy and proxy.scheme}:
                name = endpoint.server_name if endpoint.scheme == "https" else host
                connection.line = tls = _TLS(reached, self._trusted(), name)
                tls.shake_hands(until)

    def _reach(self, host: str, port: int, connection: _Connection, until: float) -> Socket:
        fault = Fault("there is nowhere to connect to")
        waiting = self._resolve(host, port, until)
        longest = _FIRST_TRY if len(waiting) > 1 else math.inf
        while waiting:
            late: list[Address] = []
            for position, (family, address) in enumerate(waiting):
                left = until - time.monotonic()
                by = time.monotonic() + min(longest, left / (len(waiting) - position))
                try:
                    with TimeLimit(by):
                        made = self._make_socket(connection, family)
                        made.connect(address, by)
                        return made
                except Fault as error:
                    self.check_open()
                    fault = error
                    if error.timed_out:
                        fault = Fault("no connection was made in time", timed_out=True)
                        late.append((family, address))
            waiting, longest = late if longest < math.inf else [], math.inf
        raise fault

    def _make_socket(self, connection: _Connection, family: int) -> Socket:
        # The pool knows each socket before it is connected, and so can end that.
        with self._lock:
            self.check_open()
            connection.close()
            connection.socket = made = Socket(family)
            return made

    def _resolve(self, host: str, port: int, until: float) -> list[Address]:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            pass
        else:
            try:
                return [(found[0], found[4]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
            except OSError as error:  # it has a zone that is not known here
                raise Fault(f"the address {host} cannot be used: {error}") from error
        wake = Wake()
        self.expect(wake)
        asked = look_up(host, port, wake)
        while asked.result is None:
            if not wake.wait(until):
                raise Fault(f"the name {host} was not resolved in time", timed_out=True)
            self.check_open()
        if isinstance(asked.result, str):
            raise Fault(f"the name {host} cannot be resolved: {asked.result}")
        return asked.result

    def _trusted(self) -> "ssl.SSLContext":
        if self._settings.ssl_context is not None:
            return self._settings.ssl_context
        if self._context is None:
            import httpx2  # noqa: PLC0415 - slow, and of no use where no TLS is spoken

            # The environment decides nothing: SSL_CERT_FILE is not read.
            context = httpx2.create_ssl_context(trust_env=False)
            context.set_alpn_protocols(["http/1.1"])
            self._context = context
        return self._context

    def _for_proxy(self) -> dict[str, str]:
        if self._proxy is None or not (self._proxy.username or self._proxy.password):
            return {}
        words = f"{unquote(self._proxy.username or '')}:{unquote(self._proxy.password or '')}"
        return {"Proxy-Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}

    def _open_tunnel(self, line: Socket, until: float) -> None:
        name = self._endpoint.server_name
        target = f"[{name}]:{self._endpoint.port}" if ":" in name else f"{name}:{self._endpoint.port}"
        parser = h11.Connection(h11.CLIENT)
        fields = [("Host", target), *self._for_proxy().items()]
        data = parser.send(h11.Request(method="CONNECT", target=target, headers=fields)) or b""
        parser.send(h11.EndOfMessage())
        line.send(memoryview(data), until)
        while not isinstance(event := _next_event(parser, line, until), h11.Response):
            pass
        if not 200 <= event.status_code < 300:
            raise Fault(f"the proxy answers with HTTP {event.status_code}")
        if parser.trailing_data[0]:
            raise Fault("the proxy says more than that the tunnel is open")

    def _send(self, connection: _Connection, attempt: Attempt) -> bool:
        # Whether the whole request has left. If not, the answer may have come early (RFC 9112, 9.3.1).
        request = attempt.request
        forward = self._for_proxy() if self._proxy is not None and self._endpoint.scheme == "http" else None
        connection.parser.send(_opening(request.method))
        connection.parser.send(h11.EndOfMessage())
        with self._lock:
            self.check_open()
            attempt.written = True
        try:
            # Nothing but a view of what holds the token is in a local variable: a traceback may show them.
            message = memoryview(request.head(attempt.secret, forward) + (request.body or b""))
            connection.get_line().send(message, attempt.deadline)
        except Fault as fault:
            if fault.timed_out:
                raise
            return False
        return True

    def _receive(self, connection: _Connection, attempt: Attempt) -> bool:
        # Whether there was one whole answer, and nothing more.
        parser = connection.parser
        while True:
            event = _next_event(parser, connection.get_line(), attempt.deadline)
            if isinstance(event, h11.Data):
                attempt.content += event.data
                if len(attempt.content) > attempt.settings.max_answer_bytes:
                    return False
            elif isinstance(event, h11.Response):
                attempt.headers = gather_headers(list(event.headers))
                attempt.status = event.status_code
            elif not isinstance(event, h11.InformationalResponse):
                break
        if parser.their_state is not h11.DONE or parser.trailing_data[0]:
            return False
        parser.start_next_cycle()
        return True


@cache
def _opening(method: str) -> h11.Request:
    # For the parser, which reads an answer by the method of its request. What is sent holds the token, and is not shown
    # to it.
    return h11.Request(method=method, target="/", headers=[("Host", "")])


def _next_event(parser: h11.Connection, line: "Socket | _TLS", until: float) -> Any:
    while True:
        try:
            event = parser.next_event()
        except h11.RemoteProtocolError as error:
            raise Fault(f"it is not HTTP/1.1: {error}") from error
        if event is not h11.NEED_DATA:
            return event
        data = line.receive(until)
        if not data and parser.their_state is h11.SEND_RESPONSE:
            raise Fault("the connection was closed before there was an answer")
        parser.receive_data(data)


class Transport(Way):
    """
    An httpx2 transport of the user's, for tests or for networks of another kind.
    """

    def __init__(self, settings: Settings, transport: "httpx2.BaseTransport") -> None:
        import httpx2  # noqa: PLC0415 - whoever has a transport has loaded it

        super().__init__(settings)
        self._httpx2 = httpx2
        self._transport = transport
        self._unsent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)

    def close(self) -> None:
        """
        Closes the transport.
        """
        super().close()
        self._transport.close()

    def _exchange(self, attempt: Attempt) -> None:
        with self._lock:
            self.check_open()
            attempt.written = True
        try:
            response = self._transport.handle_request(self._request(attempt))
            try:
                attempt.status, attempt.headers = response.status_code, gather_headers(response.headers.raw)
                self._read(response, attempt)
            finally:
                response.close()
        except (self._httpx2.TransportError, OSError) as error:
            attempt.written = not isinstance(error, self._unsent)
            late = isinstance(error, (self._httpx2.TimeoutException, TimeoutError))
            raise Fault(f"{type(error).__name__}: {error}", timed_out=late) from error

    def _read(self, response: "httpx2.Response", attempt: Attempt) -> None:
        if not isinstance(response.stream, self._httpx2.SyncByteStream):
            raise Fault("the transport answers with a stream of the other kind")
        for chunk in response.stream:
            attempt.content += chunk
            if len(attempt.content) > attempt.settings.max_answer_bytes:
                return
            if attempt.remaining() <= 0:
                raise Fault("the deadline passed", timed_out=True)

    def _request(self, attempt: Attempt) -> "httpx2.Request":
        import httpx2  # noqa: PLC0415 - see above

        request, limit = attempt.request, attempt.remaining()
        place = request.endpoint
        url = httpx2.URL(scheme=place.scheme, host=place.host, port=place.port, raw_path=request.path.encode())
        timeout = httpx2.Timeout(limit, connect=min(limit, attempt.settings.connect_timeout)).as_dict()
        # No local variable holds the header fields: a traceback may show them.
        return httpx2.Request(
            request.method,
            url,
            headers=request.fields(attempt.secret),
            content=request.body,
            extensions={"timeout": timeout},
        )


def find_way(
    ways: "dict[Place | None, Way]",
    settings: Settings,
    endpoint: Endpoint,
    transport: "httpx2.BaseTransport | None",
) -> Way:
    """
    The way of a client's to send from here, which is opened if there is none.
    """
    here = this_place()
    place = here if transport is None else None
    if place not in ways:
        for over in [known for known in ways if known is not None and is_over(known)]:
            if (left := ways.pop(over, None)) is not None:
                left.abandon()
        made = Pool(settings, endpoint) if transport is None else Transport(settings, transport)
        ways.setdefault(place, made)  # the first of many threads wins
    return ways[place]
