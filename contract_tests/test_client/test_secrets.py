"""The token is nowhere but in its header: looked for everywhere it could be, and the looking is itself proven."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from rich.console import Console
from rich.traceback import Traceback

from secmaster_workflows import AsyncWorkflowsClient, CallError, SecMasterError, WorkflowsClient
from secmaster_workflows._runtime.secret import Secret
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import SUCCESS, Behaviour, RawServer, answer, hangs, resets, says

UNICODE = "".join(f"\\u{ord(character):04x}" for character in TOKEN)
SMALL = re.sub("%..", lambda code: code[0].lower(), quote(TOKEN, safe=""))
FORMS = {
    UNICODE,
    TOKEN,
    quote(TOKEN, safe=""),
    TOKEN.replace("/", "\\/"),
    TOKEN.encode().hex(),
    repr(TOKEN.encode())[2:-1],
}


def shows(text: str) -> bool:
    """Whether a text shows the token in any of its forms, or a good part of it, in letters of either case."""
    plain = text.lower().replace("\\\\", "\\")
    ends = {TOKEN[:16], UNICODE[: 16 * 6], TOKEN[-16:], quote(TOKEN, safe="")[-16:]}
    return any(form.lower() in plain for form in FORMS | ends)


def told(error: BaseException) -> Iterator[str]:
    """All that can be printed of an error: its text, its traceback with all local variables, its attributes."""
    yield str(error)
    yield repr(error)
    yield repr(getattr(error, "__dict__", {}))
    yield "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    page = io.StringIO()
    frames = Traceback.from_exception(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_string=10_000,
        locals_max_length=1_000,
        width=400,
    )
    Console(file=page, width=400).print(frames)
    yield page.getvalue()
    yield str(pickle.dumps(error)) if isinstance(error, SecMasterError) else ""
    for linked in (error.__cause__, error.__context__):
        if linked is not None and linked is not error:
            yield from told(linked)


ECHO = json.dumps({"code": TOKEN, "message": f"bad token {TOKEN}", "request_id": TOKEN, TOKEN: [TOKEN]})
FAULTS: dict[str, Behaviour] = {
    "refusal": says(answer({}, "401 No")),
    "reset": resets,
    "no answer": hangs,
    "no HTTP": says(b"nonsense\r\n\r\n", close=True),
    "echo in the body": says(answer(ECHO.encode(), "400 No")),
    "echo in HTML": says(answer(f"<p>{TOKEN}</p>".encode(), "500 No")),
    "echo escaped": says(answer(ECHO.replace("/", "\\/").encode(), "400 No")),
    "echo in Unicode escapes": says(answer(f'{{"message": "{UNICODE}"}}'.encode(), "400 No")),
    "echo in Unicode escapes, cut off": says(answer(b'"%s"' % UNICODE.encode(), "400 No")[:-1], close=True),
    "echo percent-encoded": says(answer(quote(TOKEN, safe="").encode(), "403 No")),
    "echo percent-encoded in small letters": says(answer(SMALL.encode(), "403 No")),
    "echo cut off by the server": says(answer({"message": f"bad token {TOKEN[:-3]}..."}, "401 No")),
    "echo cut off by a break": says(answer(TOKEN.encode(), "400 No")[:-1], close=True),
    "echo cut off by the limit": says(answer(b" " * (1024 - len(TOKEN) + 1) + TOKEN.encode(), "400 No")),
    "echo in capitals": says(answer({"message": f"bad token {TOKEN.upper()}"}, "401 No")),
    "echo in small letters": says(answer(TOKEN.lower().encode(), "401 No")),
    "echo percent-encoded in capitals": says(answer(quote(TOKEN, safe="").upper().encode(), "403 No")),
    "echo without its beginning": says(answer(TOKEN[5:].encode(), "401 No")),
    "echo without its beginning, percent-encoded": says(answer({"message": quote(TOKEN, safe="")[5:]}, "401 No")),
    "echo as content coding": says(answer({}, "200 OK", f"Content-Encoding: {TOKEN}")),
    "echo in a header": says(answer({}, "400 No", f"X-Echo: {TOKEN}", f"X-Request-Id: {TOKEN}")),
    "echo in a header name": says(answer({}, "400 No", "X-Sent: X-Auth-Token")),
    "echo in a broken header": says(b"HTTP/1.1 200 OK\r\n" + TOKEN.encode() + b"\r\n\r\n", close=True),
    "echo in a redirect": says(answer({}, "302 No", f"Location: https://example.test/?token={quote(TOKEN)}")),
    "echo in a failure": says(answer({**SUCCESS, "success": False, "message": TOKEN})),
    "echo in another shape": says(answer({"success": TOKEN})),
}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that any logger says, at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_and_no_log_shows_the_token(
    fault: str, caller: Caller, serve: Callable[..., RawServer], logged: io.StringIO
) -> None:
    """Neither an error, with every local variable of its traceback, nor a log shows the token."""
    server = serve(FAULTS[fault])

    error = caller.error(endpoint=server.url, timeout=0.5, max_retries=0, max_answer_bytes=1024)

    # The frames of this test know the token; those below the call must not.
    frames = error.__traceback__
    while frames is not None and "secmaster_workflows" not in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    assert frames is not None
    error = error.with_traceback(frames)
    assert not [text for text in told(error) if shows(text)]
    assert "secmaster_workflows" in logged.getvalue()
    assert not shows(logged.getvalue())
    assert any(TOKEN in value for _, value in server.received[0].headers), "the token was sent after all"


def test_a_result_does_not_show_an_echoed_token(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A success that echoes the token is a success without it."""
    server = serve(says(answer({**SUCCESS, "message": f"used {TOKEN}", "more": {"token": TOKEN}})))

    result = caller.retry(endpoint=server.url)

    assert result.success is True
    assert not shows(repr(result) + str(result.to_dict()))
    assert result.message == "used ***"


@pytest.mark.parametrize("token", ["success", "SUCCESS", "message", "request_id", "request"])
def test_a_token_that_is_a_word_of_the_answer_does_not_damage_it(
    token: str, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """The name of a documented field stays: it is in every answer, whatever the token is."""
    server = serve(says(answer({**SUCCESS, "request_id": "r-1", "more": [token]})))

    result = caller.retry(endpoint=server.url, token=token)

    assert result.to_dict() == {**SUCCESS, "request_id": "r-1", "more": ["***"]}


@pytest.mark.parametrize(
    "token", ["success", "message", "request_id", "request", "x-request-id", "content", "retry-after"]
)
def test_a_token_that_is_a_word_of_a_refusal_does_not_damage_it(
    token: str, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """Neither the names of the body's fields nor those of known headers are masked."""
    body = {"code": "C.1", "message": f"no {token}", "request_id": "r-1", "success": False}
    server = serve(says(answer(body, "429 No", "X-Request-Id: r-2", "Retry-After: 60")))

    error = caller.error(endpoint=server.url, token=token)

    assert json.loads(error.body) == {**body, "message": "no ***"}
    assert (error.message, error.request_id, error.retry_after) == ("no ***", "r-1", 60)
    assert error.headers.keys() >= {"content-type", "content-length", "retry-after", "x-request-id"}


@pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
def test_a_client_does_not_show_its_token(kind: Any) -> None:
    """No representation, copy or dump of a client or of anything in it shows the token."""
    client = kind(endpoint="https://example.test", **IDENTITY)

    shown = [repr(client), str(client), repr(vars(client)), repr(copy.copy(client))]
    shown.append(json.dumps(vars(client), default=repr))

    assert not [text for text in shown if shows(text)]
    for value in vars(client).values():
        assert not shows(repr(value))


MASKED = {
    "twice": (f"{TOKEN} and {TOKEN.upper()}.", "*** and ***."),
    "up to where it goes on otherwise": (f"<{TOKEN[:20]}|>", "<***|>"),
    "from where it went otherwise": (f"<|{TOKEN[7:].upper()}>", "<|***>"),
    "its end before all of it": (f"{TOKEN[3:]}\n{TOKEN}\n", "***\n***\n"),
    "between letters that grow when made small": (f"\u0130\u0130 {TOKEN} \u0130", "\u0130\u0130 *** \u0130"),
    "beside capitals": (f"Bad TOKEN {TOKEN}", "Bad TOKEN ***"),
}


@pytest.mark.parametrize("case", MASKED)
def test_a_token_is_masked_and_its_surroundings_are_not(case: str) -> None:
    """What is not the token stays as it was, letter for letter."""
    text, shown = MASKED[case]

    assert Secret(TOKEN).mask(text) == shown


@pytest.mark.parametrize("text", [TOKEN[:15], TOKEN[-15:], "GAAAA and SIGNS==", "\u0130", ""])
def test_an_innocent_text_is_left_alone(text: str) -> None:
    """Less than sixteen characters of a longer token may stand in a text by chance."""
    assert Secret(TOKEN).mask(text) == text


@pytest.mark.parametrize("dump", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_written(dump: Callable[[Any], Any]) -> None:
    """The token itself is neither pickled nor copied."""
    with pytest.raises(TypeError, match="not written"):
        dump(Secret(TOKEN))


@pytest.mark.parametrize(
    "arguments",
    [{"region": "nowhere"}, {"timeout": -1}, {"project_id": ".."}, {"endpoint": "ftp://x"}, {"nonsense": 1}],
)
@pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
def test_a_constructor_that_fails_does_not_show_the_token(kind: Any, arguments: dict[str, Any]) -> None:
    """A wrong argument beside a good token does not bring the token out."""
    place = {} if {"region", "endpoint"} & set(arguments) else {"endpoint": "https://example.test"}

    with pytest.raises(SecMasterError) as caught:
        kind(**(IDENTITY | place | arguments))

    frames = caught.value.__traceback__
    assert frames is not None
    assert not [text for text in told(caught.value.with_traceback(frames.tb_next)) if shows(text)]


def test_a_bad_token_is_in_no_local_variable() -> None:
    """The frames that refuse a token do not hold it."""
    arguments: dict[str, Any] = {**IDENTITY, "token": TOKEN + "\n"}
    with pytest.raises(SecMasterError) as caught:
        WorkflowsClient(endpoint="https://example.test", **arguments)

    frames = caught.value.__traceback__
    assert frames is not None
    assert not [text for text in told(caught.value.with_traceback(frames.tb_next)) if shows(text)]


@pytest.mark.parametrize(
    "second",
    [f"{TOKEN}-again", "of-another-kind", f"{TOKEN}\n", TOKEN, None],
    ids=["longer", "another", "bad", "same", "none"],
)
def test_a_renewed_token_is_not_shown(
    second: str | None, caller: Caller, serve: Callable[..., RawServer], logged: io.StringIO
) -> None:
    """Neither the token that was refused nor the one after it is in the error, whatever the function gives."""
    server = serve(says(answer(ECHO.encode(), "401 No")))
    tokens = iter([TOKEN, second])

    with pytest.raises(SecMasterError) as caught:
        caller.retry(endpoint=server.url, token=lambda: next(tokens))

    error: BaseException = caught.value
    frames = error.__traceback__
    while frames is not None and "secmaster_workflows" not in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    assert not [text for text in told(error.with_traceback(frames)) if shows(text)]
    assert not shows(logged.getvalue())
    assert len(server.received) == (2 if second in {f"{TOKEN}-again", "of-another-kind"} else 1)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interruption_does_not_show_the_token(interruption: type[BaseException]) -> None:
    """Control-C in the middle of sending passes, without the frames that know the token."""

    class Interrupted(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            raise interruption(request.method)

    client = WorkflowsClient(endpoint="https://example.test", transport=Interrupted(), **IDENTITY)
    with pytest.raises(interruption) as caught:
        client.retry("i")

    frames = caught.value.__traceback__
    assert frames is not None
    assert not [text for text in told(caught.value.with_traceback(frames.tb_next)) if shows(text)]


def test_a_cancellation_does_not_show_the_token(serve: Callable[..., RawServer]) -> None:
    """A cancelled task does not bring the token out."""
    server = serve(hangs)

    async def main() -> BaseException:
        async with AsyncWorkflowsClient(endpoint=server.url, **IDENTITY) as client:
            task = asyncio.create_task(client.retry("i"))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value

    error = asyncio.run(main())
    frames = error.__traceback__
    while frames is not None and "secmaster_workflows" not in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    assert not [text for text in told(error.with_traceback(frames)) if shows(text)]


def test_the_search_would_find_a_leak(logged: io.StringIO) -> None:
    """The positive control: errors, local variables, pickles and logs that do show the token are found."""

    def careless(token: str) -> None:
        raise CallError(f"{len(token)}", body=b"")

    with pytest.raises(CallError) as caught:
        careless(TOKEN)
    logging.getLogger("any").debug("headers=%r", [(b"X", TOKEN.encode())])

    found = [shows(text) for text in told(caught.value)]
    assert found[3], "the local variables of the standard library's traceback"
    assert found[4], "the local variables of rich's traceback"
    assert shows(logged.getvalue())
    assert any(shows(text) for text in told(CallError(TOKEN)))
    assert shows(str(pickle.dumps(CallError("x", body=TOKEN.encode()))))
