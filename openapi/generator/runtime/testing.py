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
from typing import Any, Final

import httpx2

from . import _spec
from ._examples import EXAMPLES
from ._runtime.checks import short
from ._shapes import AnyCommand
from .commands import parse_command

__all__ = ["EXAMPLES", "AppTransport", "ExampleTransport", "answer"]

_RANGE: Final = "XX"


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
    stated = name.split(" ", maxsplit=1)[0]
    code = status or int(stated.replace(_RANGE, "00"))
    fields = {"Content-Type": "application/json", **(headers or {})}
    return httpx2.Response(code, headers=fields, content=json.dumps(EXAMPLES[name]).encode())


class ExampleTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """
    Answers with examples of the contract, the last one again and again. For both clients.

    Each request is checked: its method and path, its token header, its media type, its command.

    Args:
        *answers: Names of `EXAMPLES`, responses, or functions that make one of the command. Default: a success.

    Attributes:
        commands: The commands received.
        requests: The requests received.

    Raises:
        ValueError: There is no such example.
        TypeError: Something else is given.
    """

    def __init__(self, *answers: str | httpx2.Response | Callable[[AnyCommand], httpx2.Response]) -> None:
        arguments: tuple[object, ...] = answers  # whatever the annotation says
        for given in arguments:
            if isinstance(given, str):
                answer(given)
            elif not isinstance(given, httpx2.Response) and not callable(given):
                wanted = "the name of an example, an httpx2.Response or a function"
                raise TypeError(f"An answer is {wanted}, not {short(given)}.")
        self._answers = answers or (_SUCCESS,)
        self._lock = threading.Lock()
        self.commands: list[AnyCommand] = []
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The next answer.
        """
        command = check_request(request)
        with self._lock:
            following = self._answers[min(len(self.requests), len(self._answers) - 1)]
            self.requests.append(request)
            self.commands.append(command)
        if isinstance(following, str):
            return answer(following)
        return following if isinstance(following, httpx2.Response) else following(command)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        The next answer.
        """
        return self.handle_request(request)


def check_request(request: httpx2.Request) -> AnyCommand:
    """
    The command that a request carries.

    Raises:
        AssertionError: The request is not one of the contract's.
    """
    segments = request.url.raw_path.decode().split("/")[-len(_PATH_SEGMENTS) :]
    as_documented = len(segments) == len(_PATH_SEGMENTS) and all(
        wanted in {segment, ""} for segment, wanted in zip(segments, _PATH_SEGMENTS, strict=True)
    )
    if request.method != _spec.METHOD or not as_documented:
        raise AssertionError(f"{request.method} {request.url} is not an operation of the contract.")
    if not request.headers.get(_spec.TOKEN_HEADER):
        raise AssertionError(f"The request has no {_spec.TOKEN_HEADER}.")
    if request.headers.get("Content-Type") != _spec.CONTENT_TYPE:
        raise AssertionError(f"The Content-Type is not {_spec.CONTENT_TYPE}.")
    return parse_command(request.read())


# The literal segments of the path; "" stands for a parameter.
_PATH_SEGMENTS: Final = "".join("" if index % 2 else part for index, part in enumerate(_spec.PATH)).split("/")[1:]
_SUCCESS: Final = next(name for name in EXAMPLES if name.startswith(f"{_spec.SUCCESS_STATUS} "))


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
