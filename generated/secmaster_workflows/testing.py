# Copied from openapi/generator/runtime/testing.py by `make generate`; do not edit.
"""
For the tests of those who use the client: transports that answer without a socket.

```python
transport = ExampleTransport("200 success", "429 throttled")
client = WorkflowsClient(region="cn-north-4", token="t", project_id="p", workspace_id="w", transport=transport)
```
"""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any, Final

import httpx2

from ._examples import BY_OPERATION
from ._operations import OPERATIONS
from ._runtime.checks import short
from ._runtime.operation import Operation
from ._shapes import AnyCommand

__all__ = ["EXAMPLES", "AppTransport", "ExampleTransport", "answer"]

_RANGE: Final = "XX"


def _named() -> dict[str, tuple[str, Any]]:
    # "<operation> <status> <example>", and without the operation where that says which.
    found: dict[str, tuple[str, Any]] = {}
    for operation, own in BY_OPERATION.items():
        for name, value in own.items():
            stated = name.split(" ", maxsplit=1)[0]
            if len(BY_OPERATION) > 1:
                found[f"{operation} {name}"] = (stated, value)
            if all(other.get(name, value) == value for other in BY_OPERATION.values()):
                found[name] = (stated, value)
    return found


_NAMED: Final = _named()
EXAMPLES: Final[Mapping[str, Any]] = MappingProxyType({name: value for name, (_, value) in _NAMED.items()})
"""
By "<operation> <status> <name>", and "<status> <name>" where that says which.
"""


def answer(name: str, *, status: int | None = None, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    """
    The answer that an example of the contract shows.

    Args:
        name: "<status> <example>", one of `EXAMPLES`, such as "200 success".
        status: A status for an example of a range ("5XX unknown"); 500 for 5XX if not given.
        headers: Further headers.

    Raises:
        ValueError: There is no such example.
    """
    if name not in EXAMPLES:
        raise ValueError(f"There is no example {name!r}; there are: {', '.join(sorted(EXAMPLES))}.")
    return _response(*_NAMED[name], status, headers)


def _response(stated: str, value: Any, status: int | None, headers: Mapping[str, str] | None) -> httpx2.Response:
    code = status or (500 if stated == "default" else int(stated.replace(_RANGE, "00")))
    content = b"" if value is None else json.dumps(value).encode()
    fields = {"Content-Type": "application/json"} if content else {}
    return httpx2.Response(code, headers={**fields, **(headers or {})}, content=content)


class ExampleTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """
    Answers with examples of the contract, the last one again and again. For both clients.

    Each request is checked: its method and path, its token header, its media type, its body.

    Args:
        *answers: Names of `EXAMPLES`, responses, or functions that make one of the command. Default: a success.

    Attributes:
        commands: The commands received; of an operation without commands, the body, None if it has none.
        requests: The requests received.

    Raises:
        ValueError: There is no such example.
        TypeError: Something else is given.
    """

    def __init__(self, *answers: str | httpx2.Response | Callable[[AnyCommand], httpx2.Response]) -> None:
        arguments: tuple[object, ...] = answers  # whatever the annotation says
        for given in arguments:
            if isinstance(given, str):
                if not any(given in own for own in BY_OPERATION.values()):
                    answer(given)
            elif not isinstance(given, httpx2.Response) and not callable(given):
                wanted = "the name of an example, an httpx2.Response or a function"
                raise TypeError(f"An answer is {wanted}, not {short(given)}.")
        self._answers = answers
        self._lock = threading.Lock()
        self.commands: list[AnyCommand] = []
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The next answer.
        """
        operation, command = _read(request)
        own = BY_OPERATION[operation.id]
        with self._lock:
            at = min(len(self.requests), len(self._answers) - 1)
            following = self._answers[at] if self._answers else next(name for name in own if name.startswith("2"))
            self.requests.append(request)
            self.commands.append(command)
        if isinstance(following, str):
            if following in own:
                return _response(following.split(" ", maxsplit=1)[0], own[following], None, None)
            return answer(following)
        return following if isinstance(following, httpx2.Response) else following(command)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The next answer.
        """
        return self.handle_request(request)


def check_request(request: httpx2.Request) -> AnyCommand:
    """
    The command that a request carries; of an operation without commands, the body, None if it has none.

    Raises:
        AssertionError: The request is not one of the contract's.
    """
    command: AnyCommand = _read(request)[1]
    return command


def _read(request: httpx2.Request) -> tuple[Operation[Any], Any]:
    fitting = [operation for operation in OPERATIONS if _fits(operation, request)]
    if not fitting:
        raise AssertionError(f"{request.method} {request.url} is not an operation of the contract.")
    # A literal segment says more than a parameter.
    operation = max(fitting, key=lambda own: sum(map(len, own.path[::2])))
    header, prefix = operation.token or ("", "")
    if header and not request.headers.get(header, "").removeprefix(prefix):
        raise AssertionError(f"The request has no {header}.")
    content = request.read()
    has_body = operation.media_type is not None and (content or operation.body_required)
    if has_body and request.headers.get("Content-Type") != operation.media_type:
        raise AssertionError(f"The Content-Type is not {operation.media_type}.")
    return operation, operation.read_body(content)


def _fits(operation: Operation[Any], request: httpx2.Request) -> bool:
    wanted = "".join("{}" if index % 2 else part for index, part in enumerate(operation.path)).split("/")[1:]
    segments = request.url.raw_path.decode().partition("?")[0].split("/")[-len(wanted) :]
    return request.method == operation.method and (
        len(segments) == len(wanted)
        and all(literal in {segment, "{}"} for segment, literal in zip(segments, wanted, strict=True))
    )


class AppTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """
    Answers from an ASGI application in this process, such as the embedded mock's. For both clients.

    The blocking client runs each request in an event loop of its own, so the application must not keep one.
    """

    def __init__(self, app: Callable[..., Coroutine[Any, Any, None]]) -> None:
        self._inner = httpx2.ASGITransport(app=app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The application's answer.
        """

        async def run() -> httpx2.Response:
            response = await self._inner.handle_async_request(request)
            return httpx2.Response(response.status_code, headers=response.headers.raw, content=await response.aread())

        return asyncio.run(run())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The application's answer.
        """
        return await self._inner.handle_async_request(request)
