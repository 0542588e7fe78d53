"""The server on contracts of other services: routes, parameters in every place, answers made from schemas."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from openapi_contract import Command, Contract, ContractError, Operation
from openapi_contract.document import Document
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle, write_parameter
from openapi_contract.samples import Samples
from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.errors import ScenarioError, StateError
from secmaster_contract.mock.scenario import Scenario
from secmaster_contract.mock.server import Running, running
from secmaster_contract.mock.settings import MockSettings
from test_mock.wire import CONTRACT, DEBUG, PATH, RETRY, TERMINATE, Reply, ask, call, message
from test_mock.wire import TOKEN_LINE as SECMASTER_TOKEN

HERE = Path(__file__).parents[1] / "data" / "contracts"
LIBRARY = Contract.load(HERE / "library.yaml")
TOKEN_LINE = ("Authorization", "Bearer mock-token")
COOKIE = ("Cookie", "tenant=abc")
JSON_LINE = ("Content-Type", "application/json")
BOOK = {"title": "Emma", "author": {"name": "Jane Austen"}}


@pytest.fixture(scope="module")
def library() -> Iterator[Running]:
    """The library's server."""
    with running(contract=LIBRARY) as started:
        yield started


def send(
    server: Running, method: str, target: str, *extra: tuple[str, str], body: Any = None, token: bool = True
) -> Reply:
    """Send a request to the library; a value goes as JSON."""
    data = b"" if body is None else json.dumps(body).encode()
    lines = [*([TOKEN_LINE] if token else []), *([JSON_LINE] if data else []), *extra]
    head_only = method == "HEAD"
    return ask(server.url, message(data, method=method, target=target, headers=lines), head_only=head_only)


def valid(operation: str, reply: Reply) -> bool:
    """Say whether a body keeps the schema that the library has for it."""
    response = LIBRARY.operation(operation).response(reply.status)
    assert response is not None
    return Oracle(LIBRARY).validator(str(response.schema_pointer)).is_valid(reply.json())


def requests(own: Contract) -> Iterator[tuple[Operation, Command, bytes, bytes, list[tuple[bytes, bytes]], bytes]]:
    """Yield a valid request for each command of each operation: path, query, header lines and body."""
    samples = Samples(own)
    for operation in own.operations:
        texts = {
            (parameter.place, parameter.name): write_parameter(parameter, samples.parameter(parameter))
            for parameter in operation.parameters
            if parameter.required
        }
        path = operation.fill({name: text[0] for (place, name), text in texts.items() if place == "path"})
        pairs = [(name, text) for (place, name), own in texts.items() if place == "query" for text in own]
        lines = [(name, text) for (place, name), own in texts.items() if place == "header" for text in own]
        lines += [
            ("Cookie", f"{name}={text}") for (place, name), own in texts.items() if place == "cookie" for text in own
        ]
        if operation.security:
            lines.append((operation.security.header, operation.security.value("mock-token")))
        for command in operation.commands:
            body = b""
            if operation.body:
                body = json.dumps(samples.body(operation, command)).encode()
            label = [("Content-Type", operation.body.media_type)] if operation.body else []
            yield operation, command, path.encode(), urlencode(pairs).encode(), ascii_lines(*lines, *label), body


@pytest.mark.parametrize("file", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_operation_of_every_contract_is_served(file: Path) -> None:
    """A valid request for each command has the documented success, valid by its schema, and a token is wanted."""
    own = Contract.load(file)
    app, oracle = create_app(contract=own), Oracle(own)
    for operation, command, path, query, lines, body in requests(own):
        reply = call(app, body, method=operation.method, raw_path=path, query=query, headers=lines)
        pointer = operation.success.schema_pointer

        assert reply.status == operation.success_status, (operation.id, command.name, reply.body)
        assert oracle.validator(pointer).is_valid(reply.json()) if pointer else reply.body == b""
        if operation.security:
            bare = [line for line in lines if line[0] != operation.security.header.lower().encode()]
            assert call(app, body, method=operation.method, raw_path=path, query=query, headers=bare).status == 401


@pytest.mark.parametrize("file", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_body_that_is_no_json_has_the_documented_rejection(file: Path) -> None:
    """By the status and the schema that the contract has for it."""
    own = Contract.load(file)
    app, oracle = create_app(contract=own), Oracle(own)
    for operation, _, path, query, lines, body in requests(own):
        if body:
            reply = call(app, b"{", method=operation.method, raw_path=path, query=query, headers=lines)
            response = operation.response(reply.status)
            pointer = response.schema_pointer if response else None

            assert reply.status == operation.rejection_statuses[0], operation.id
            assert pointer is None or oracle.validator(pointer).is_valid(reply.json())
            assert b"JSON" in reply.body + reply.headers.get("x-mock-reason", "").encode()


@pytest.mark.parametrize(
    ("operation", "method", "target", "body", "status"),
    [
        ("listBooks", "GET", "/books?order=title", None, 200),
        ("addBook", "POST", "/books", BOOK, 201),
        ("showBook", "GET", "/books/b1", None, 200),
        ("replaceBook", "PUT", "/books/b1", BOOK, 202),
        ("removeBook", "DELETE", "/books/b1", None, 204),
        ("showLatestBook", "GET", "/books/latest", None, 200),
    ],
)
def test_each_operation_is_answered_as_documented(  # noqa: PLR0917  the parameters of a table
    library: Running, operation: str, method: str, target: str, body: Any, status: int
) -> None:
    """The lowest status of success, with a valid body where the contract has one and none where it has none."""
    reply = send(library, method, target, COOKIE, body=body)

    assert reply.status == status
    if LIBRARY.operation(operation).success.schema_pointer is None:
        assert reply.body == b""
        assert "content-type" not in reply.headers
        assert reply.headers.get("content-length") == (None if status == 204 else "0")
    else:
        assert valid(operation, reply)


def test_a_documented_example_is_answered_as_it_stands(library: Running) -> None:
    """Where the contract has an example, nothing is made; one that is empty is an example too."""
    assert send(library, "POST", "/books", body=BOOK).json() == {
        "id": "b1",
        "title": "Emma",
        "pages": 474,
        "author": {"name": "Jane Austen"},
    }
    assert send(library, "GET", "/books/latest").json() == []


def test_required_headers_of_an_answer_are_sent(library: Running) -> None:
    """A header that the contract requires has a valid value; an optional one is left out."""
    reply = send(library, "GET", "/books?order=title", COOKIE)

    assert int(reply.headers["x-total"]) >= 5
    assert "x-hint" not in reply.headers
    assert "://" in send(library, "POST", "/books", body=BOOK).headers["location"]


@pytest.mark.parametrize(
    ("query", "cookie", "level", "words"),
    [
        ("order=title&limit=100", "tenant=abc", "3", None),
        ("order=title&tag=ab&tag=cd", "other=1; tenant=abc", None, None),
        ("order=title&unknown=1", "tenant=abc", None, None),
        ("", "tenant=abc", None, "order is missing (clause list-books.query.order.required"),
        ("order=date", "tenant=abc", None, "order breaks enum author, title (clause list-books.query.order.enum"),
        ("order=title&order=author", "tenant=abc", None, "order stands more than once"),
        ("order=title&limit=0", "tenant=abc", None, "limit breaks minimum 1"),
        ("order=title&limit=x", "tenant=abc", None, "limit is a string, not of type integer"),
        ("order=title&tag=ab&tag=ab", "tenant=abc", None, "tag breaks uniqueItems"),
        ("order=title&tag=a", "tenant=abc", None, "minLength 2"),
        ("order=title&limit=%ff", "tenant=abc", None, "the query is not UTF-8"),
        ("order=title", "tenant=ABC", None, "tenant breaks pattern"),
        ("order=title", "x=y", None, "tenant is missing"),
        ("order=title", "tenant=abc", "4", "X-Trace-Level breaks maximum 3"),
        ("order=title", "tenant=abc", "a", "X-Trace-Level is a string"),
    ],
)
def test_parameters_are_judged_in_query_header_and_cookie(
    library: Running, query: str, cookie: str, level: str | None, words: str | None
) -> None:
    """A parameter that breaks a rule is rejected by name, rule and clause; one that keeps it is accepted."""
    extra = [("Cookie", cookie), *([("X-Trace-Level", level)] if level else [])]
    reply = send(library, "GET", f"/books?{query}", *extra)

    assert reply.status == (200 if words is None else 400)
    if words is not None:
        assert words in reply.json()["errors"][0]["detail"]
        assert reply.headers["content-type"] == "application/problem+json"
        assert valid("listBooks", reply)


@pytest.mark.parametrize(
    ("segment", "status"), [("b1", 200), ("b", 400), ("b12345678", 400), ("B1", 400), ("%ff", 400)]
)
def test_the_rules_of_a_path_parameter_are_enforced(library: Running, segment: str, status: int) -> None:
    """A 400 where the contract documents no rejection of the operation, with the sentence in it."""
    reply = send(library, "GET", f"/books/{segment}")

    assert reply.status == status
    assert (status == 200) or "book_id" in reply.json()["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"title": "Emma"}, "author is missing"),
        (
            {**BOOK, "author": {"name": "J"}},
            "author.name breaks minLength 2 (clause add-book.body.author.name.min-length",
        ),
        ({**BOOK, "author": {"name": "Jo", "born": "1775"}}, "author.born breaks format date"),
        ({**BOOK, "pages": 0}, "pages breaks exclusiveMinimum 0"),
        ([], "the body is an array"),
    ],
)
def test_a_nested_body_is_judged_at_every_depth(library: Running, body: Any, words: str) -> None:
    """The documented rejection of the operation, 422, says which field broke which rule."""
    reply = send(library, "POST", "/books", body=body)

    assert reply.status == 422
    assert words in reply.json()["errors"][0]["detail"]
    assert valid("addBook", reply)


def test_a_rejection_without_a_body_says_why_in_a_header(library: Running) -> None:
    """Where the documented rejection has no body, the sentence is not lost."""
    reply = send(library, "PUT", "/books/b1", body={})

    assert (reply.status, reply.body) == (400, b"")
    assert "title is missing" in reply.headers["x-mock-reason"]


def test_a_sentence_in_a_header_breaks_no_line() -> None:
    """What a client names a field cannot end the header that tells of it."""
    document = edited(LIBRARY)
    document["components"]["schemas"]["NewBook"]["additionalProperties"] = {"type": "integer"}
    app = create_app(contract=contract(document))
    body = json.dumps({**BOOK, "a\r\nSet-Cookie: x\u4f60": ""}).encode()
    reply = call(app, body, method="PUT", raw_path=b"/books/b1", headers=ascii_lines(TOKEN_LINE, JSON_LINE))

    assert reply.status == 400
    assert "a\\r\\nSet-Cookie" in reply.headers["x-mock-reason"]


@pytest.mark.parametrize("value", [None, "mock-token", "Bearer x", "Bearer", "Basic mock-token", "Bearer mock-tokenx"])
def test_a_bearer_token_is_wanted_with_its_scheme(library: Running, value: str | None) -> None:
    """A 401 says how to authenticate, as RFC 9110 section 15.5.2 has it, though the contract documents none."""
    extra = [("Authorization", value)] if value else []
    reply = send(library, "GET", "/books/b1", *extra, token=False)

    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert "Authorization" in reply.json()["message"]
    assert "mock-token" not in reply.body.decode()


def test_an_operation_without_security_wants_no_token(library: Running) -> None:
    """`security: []` opens one operation and no other."""
    assert send(library, "GET", "/books/latest", token=False).status == 200
    assert send(library, "GET", "/books/b1", token=False).status == 401


def test_head_is_answered_for_get(library: Running) -> None:
    """HEAD has the head of GET and no body; a path without GET has no HEAD."""
    whole, head = send(library, "GET", "/books/b1"), send(library, "HEAD", "/books/b1")

    assert (head.status, head.headers["content-length"]) == (200, str(len(whole.body)))
    assert send(library, "HEAD", "/nowhere").status == 404


def test_an_unknown_method_is_told_the_known_ones(library: Running) -> None:
    """Without a gateway's 404 in the contract: 405 with Allow on a path that there is, 404 elsewhere."""
    reply = send(library, "PATCH", "/books/b1", body={})

    assert (reply.status, reply.headers["allow"]) == (405, "DELETE, GET, HEAD, PUT")
    assert send(library, "POST", "/books/latest", body=BOOK).headers["allow"] == "GET, HEAD"
    assert send(library, "GET", "/books/b1/pages").status == 404


def test_a_body_that_nobody_asked_for_counts_for_nothing(library: Running) -> None:
    """As an unknown field, it is accepted, whatever it is."""
    assert send(library, "DELETE", "/books/b1", ("Content-Type", "text/plain"), body="x").status == 204


@pytest.mark.parametrize(
    ("method", "target", "preference", "status"),
    [
        ("POST", "/books", "code=429", 429),
        ("POST", "/books", "code=422", 422),
        ("GET", "/books?order=title", "code=400", 400),
        ("GET", "/books/latest", "example=one", 200),
        ("GET", "/books/latest", "code=429", 400),
        ("DELETE", "/books/b1", "example=one", 400),
    ],
)
def test_a_preference_chooses_among_the_answers_of_its_operation(
    library: Running, method: str, target: str, preference: str, status: int
) -> None:
    """What another operation documents cannot be had here."""
    reply = send(library, method, target, COOKIE, ("Prefer", preference), body=BOOK if method == "POST" else None)

    assert reply.status == status
    assert reply.headers.get("retry-after") == ("1" if status == 429 else None)


def test_a_scenario_breaks_any_operation() -> None:
    """Entries name the last parameter of the path, or the operation where its path has none."""
    steps = {
        "instances": {
            "b1": {"sequence": ["throttled", "expired-token", "gateway-html"]},
            "addBook": {"sequence": ["throttled"]},
        }
    }
    settings = MockSettings(scenario=Scenario.parse(steps, LIBRARY))
    with running(settings, contract=LIBRARY) as server:
        statuses = [send(server, "DELETE", "/books/b1").status for _ in range(4)]
        added = send(server, "POST", "/books", body=BOOK)

    assert statuses == [429, 401, 502, 204]
    assert (added.status, added.headers["retry-after"]) == (429, "1")


@pytest.mark.parametrize(
    "step", ["unsuccessful", {"fault": "server-error", "code": 503}, {"fault": "server-error", "example": "x"}]
)
def test_a_scenario_that_the_contract_cannot_answer_is_rejected(step: Any) -> None:
    """What an entry asks for by name has to be documented somewhere."""
    with pytest.raises(ScenarioError, match="the contract has no"):
        Scenario.parse({"instances": {"*": {"sequence": [step]}}}, LIBRARY)


def test_a_row_of_the_ledger_is_named_for_an_inline_parameter(tmp_path: Path) -> None:
    """A parameter is called by its name in the pointer of a row, wherever it stands in its list."""
    path = tmp_path / "clauses.yaml"
    row = {
        "level": "MUST",
        "text": "at most 100 books",
        "where": "Page 1",
        "pointer": "/parameters/limit/schema/maximum",
    }
    path.write_text(json.dumps({"operations": {"listBooks": {"clauses": {"books.limit": row}}}}))
    for order in (1, -1):
        document = edited(LIBRARY)
        listed = document["paths"]["/books"]["get"]["parameters"]
        document["paths"]["/books"]["get"]["parameters"] = listed[::order]
        own = contract(document)
        app = create_app(contract=own, ledger=Ledger.load(own, path))
        lines = ascii_lines(TOKEN_LINE, COOKIE)
        reply = call(app, b"", method="GET", raw_path=b"/books", query=b"order=title&limit=101", headers=lines)

        assert "(clause books.limit: Page 1; rule maximum at" in reply.json()["errors"][0]["detail"]


@pytest.mark.parametrize("reference", ["#/paths/~1a~1{key}/parameters/0", "#/paths/~1a~1%7Bkey%7D/parameters/key"])
def test_a_reference_leads_to_a_member_of_a_list(reference: str) -> None:
    """The braces of a path may be percent-encoded in a reference, as a URI has them, or not."""
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 2}}
    answers = {"204": {"description": "It is there."}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Keys", "version": "1"},
        "paths": {
            "/a/{key}": {"parameters": [key], "get": {"operationId": "a", "responses": answers}},
            "/b/{key}": {"parameters": [{"$ref": reference}], "get": {"operationId": "b", "responses": answers}},
        },
    }
    app = create_app(contract=contract(document))
    statuses = [call(app, b"", method="GET", raw_path=path, headers=[]).status for path in (b"/b/x", b"/b/xyz")]

    assert statuses == [204, 400]


def test_a_documented_status_may_reject_any_fault_of_a_request() -> None:
    """Where the contract rejects by 422, so may a server for a wrong media type or a value in the path."""
    clauses = Ledger.load(LIBRARY).clauses

    assert set(clauses["add-book.headers.content-type.range"].rejection) == {400, 415, 422}


def test_a_contract_without_instances_remembers_none(library: Running) -> None:
    """There is no state to keep, and the admin endpoints say so."""
    with pytest.raises(StateError, match="no operation of this contract has a state"):
        create_app(MockSettings(state=":memory:"), contract=LIBRARY)
    reply = send(library, "GET", "/__mock__/instances", token=False)

    assert reply.status == 404
    assert "No operation" in reply.json()["message"]


def test_the_smallest_contract_is_served() -> None:
    """One GET, no token, no body, no example."""
    with running(contract=Contract.load(HERE / "minimal.yaml")) as server:
        reply = send(server, "GET", "/ping", token=False)
        other = send(server, "POST", "/ping", token=False)
        page = ask(server.url, message(b"", method="GET", target="/", headers=[])).status

    assert (reply.status, reply.body, "content-length" in reply.headers) == (204, b"", False)
    assert (other.status, other.headers["allow"]) == (405, "GET, HEAD")
    assert page == 200


def test_the_pages_are_those_of_the_contract(library: Running) -> None:
    """The reference shows every operation, parameter and derived clause; the file is served as it stands."""
    text = ask(library.url, message(b"", method="GET", target="/", headers=[])).body.decode()
    ledger = Ledger.load(LIBRARY)
    words = [
        *(operation.id for operation in LIBRARY.operations),
        *(parameter.name for operation in LIBRARY.operations for parameter in operation.parameters),
        *(f'id="{key}"' for key in ledger.clauses),
        "problem+json" if "problem+json" in text else "Problem",
    ]
    served = ask(library.url, message(b"", method="GET", target="/openapi.yaml", headers=[])).body

    assert [word for word in words if word not in text] == []
    assert "SecMaster" not in text
    assert served == (HERE / "library.yaml").read_bytes()


def test_a_parameter_does_not_hide_a_page() -> None:
    """A path that is one parameter fits every page's; the pages stay, as every literal path does."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Keys", "version": "1"},
        "paths": {
            "/{key}": {
                "parameters": [{"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": {"operationId": "show", "responses": {"204": {"description": "It is there."}}},
            }
        },
    }
    app = create_app(contract=contract(document))
    statuses = [call(app, b"", method="GET", raw_path=path, headers=[]).status for path in (b"/healthz", b"/other")]

    assert statuses == [200, 204]
    assert call(app, b"", method="GET", raw_path=b"/openapi.yaml", headers=[]).json() == document


def contract(document: Any) -> Contract:
    """Read a contract from plain values."""
    return Contract.of(Document("edited.yaml", document))


def edited(own: Contract) -> Any:
    """Return a copy of a contract's document, to be changed."""
    return copy.deepcopy(dict(own.document.root))


def ascii_lines(*lines: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    """Return header lines as ASGI has them."""
    return [(name.lower().encode(), value.encode()) for name, value in lines]


def test_an_example_that_breaks_its_schema_is_a_fault_of_the_contract() -> None:
    """The server does not start with an answer that its own contract rejects; the error names the place."""
    document = edited(LIBRARY)
    document["paths"]["/books"]["post"]["responses"]["201"]["content"]["application/json"]["example"]["id"] = 1
    with pytest.raises(ContractError) as caught:
        create_app(contract=contract(document))

    assert str(caught.value).startswith(
        "edited.yaml#/paths/~1books/post/responses/201/content/application~1json/example: "
    )


def test_an_answer_that_cannot_be_made_is_a_fault_of_the_contract() -> None:
    """Rules that exclude each other are told at the start."""
    document = edited(LIBRARY)
    del document["paths"]["/books"]["post"]["responses"]["201"]["content"]["application/json"]["example"]
    document["components"]["schemas"]["Book"]["properties"]["id"] |= {"minLength": 3, "maxLength": 2}
    with pytest.raises(ContractError, match="no valid value"):
        create_app(contract=contract(document))


def test_a_body_that_cannot_be_made_is_a_fault_of_the_contract() -> None:
    """No request could be valid: that is told at the start, too."""
    document = edited(LIBRARY)
    document["components"]["schemas"]["NewBook"]["properties"]["title"] |= {"minLength": 3, "maxLength": 2}
    with pytest.raises(ContractError, match="no valid value"):
        create_app(contract=contract(document))


def test_an_answer_shows_the_success_wherever_the_example_stands() -> None:
    """Of several examples the one that says that the request succeeded is answered, first or last."""
    seen = []
    for names in (("good", "bad"), ("bad", "good")):
        document = edited(CONTRACT)
        media = document["paths"][CONTRACT.operations[0].path]["put"]["responses"]["200"]["content"]["application/json"]
        media["examples"] = {name: {"value": {"success": name == "good", "code": name}} for name in names}
        seen.append(call(create_app(contract=contract(document))).json()["code"])

    assert seen == ["good", "good"]


def test_a_success_is_made_as_the_contract_words_it() -> None:
    """Without an example, `x-succeeded-when` decides what the made answer says."""
    document = edited(CONTRACT)
    del document["paths"][CONTRACT.operations[0].path]["put"]["responses"]["200"]["content"]["application/json"][
        "examples"
    ]
    properties = document["components"]["schemas"]["UpdateWorkflowInstanceResult"]["properties"]
    properties["success"]["x-succeeded-when"] = False

    assert call(create_app(contract=contract(document))).json()["success"] is False


def test_a_request_id_takes_the_form_that_the_contract_has_for_it() -> None:
    """The server's own id is not sent where it would break the schema, in the header or in the body."""
    document = edited(CONTRACT)
    form = {"type": "string", "format": "uuid", "example": "b5848121-79a5-11f0-9f91-fa163ed04a7f"}
    form["pattern"] = "^[0-9a-f]{8}-"
    document["components"]["headers"]["RequestId"]["schema"] = form
    document["components"]["schemas"]["ErrorResponse"]["properties"]["message"]["maxLength"] = 30
    app = create_app(contract=contract(document))

    assert call(app).headers["x-request-id"].count("-") == 4
    rejected = call(app, b"{}")
    assert (rejected.status, rejected.json()["code"].count(".") > 0) == (400, True)


def added_show(document: Any) -> None:
    """Add a GET of the instance to SecMaster's contract."""
    path = CONTRACT.operations[0].path
    item = document["paths"][path]
    item["get"] = {
        "operationId": "showWorkflowInstance",
        "parameters": [
            *item["put"]["parameters"],
            {"name": "show_topology", "in": "query", "schema": {"type": "boolean"}},
        ],
        "security": item["put"]["security"],
        "responses": {
            "200": {
                "description": "The instance.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["id", "status"],
                            "properties": {
                                "id": {"type": "string", "minLength": 1},
                                "status": {"type": "string", "enum": ["RUNNING", "TERMINATING"]},
                                "start_time": {"type": "string", "format": "date-time"},
                            },
                        }
                    }
                },
            }
        },
    }


def test_a_get_beside_the_put_is_answered_by_its_own_rules() -> None:
    """What the contract documents takes the place of the platform's GET: its parameters, its answer, its state."""
    from secmaster_contract.mock.instances import Instance  # noqa: PLC0415  used here alone

    document = edited(CONTRACT)
    added_show(document)
    one = Instance(project_id="i", workspace_id="i", instance_id="i")
    settings = MockSettings(state=":memory:", instances=(one,), settle_seconds=60)
    app = create_app(settings, contract=contract(document))
    lines = ascii_lines(SECMASTER_TOKEN)
    before = call(app, b"", method="GET", headers=lines)
    assert call(app, TERMINATE).status == 200
    after = call(app, b"", method="GET", headers=lines)
    faulty = call(app, b"", method="GET", headers=lines, query=b"show_topology=x")
    unknown = call(app, b"", method="GET", raw_path=PATH[:-1].encode() + b"j", headers=lines)

    assert (before.json()["id"], before.json()["status"]) == ("i", "RUNNING")
    assert after.json()["status"] == "TERMINATING"
    assert "start_time" in after.json()
    assert "x-mock-origin" not in after.headers
    assert (faulty.status, unknown.status) == (400, 404)


def test_a_new_command_is_accepted_and_changes_no_instance() -> None:
    """A command without a row in the table of transitions is judged by the contract alone."""
    document = edited(CONTRACT)
    schemas = document["components"]["schemas"]
    schemas["ActionInstancePauseCommand"] = copy.deepcopy(schemas["ActionInstanceRetryCommand"])
    schemas["ActionInstancePauseCommand"]["properties"]["command_type"]["const"] = "ActionInstancePauseCommand"
    union = schemas["WorkflowInstanceCommand"]
    union["oneOf"].insert(0, {"$ref": "#/components/schemas/ActionInstancePauseCommand"})
    union["discriminator"]["mapping"]["ActionInstancePauseCommand"] = "#/components/schemas/ActionInstancePauseCommand"
    app = create_app(contract=contract(document))

    pause = json.dumps({"command_type": "ActionInstancePauseCommand"}).encode()
    assert [call(app, body).status for body in (pause, RETRY, DEBUG, TERMINATE)] == [200] * 4


UNSUPPORTED = """
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /x:
    get:
      operationId: x
      responses:
        '200':
          description: d
          content: {application/json: {schema: {not: {}}}}
"""
BROKEN = {
    "no file": (None, "nowhere.yaml#/: the file cannot be read"),
    "no YAML": ("[", "the file is not YAML"),
    "a keyword without support": (UNSUPPORTED, "/schema/not: the keyword not is not supported. Say what is allowed"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("option", ["--contract", "--ledger"])
def test_a_contract_that_cannot_be_used_is_explained(tmp_path: Path, case: str, option: str) -> None:
    """Exit status 2 and the contract's own sentence with its place, whichever of the two files it is."""
    text, words = BROKEN[case]
    path = tmp_path / "nowhere.yaml"
    if text is not None:
        path.write_text(text)
    command = [sys.executable, "-m", "secmaster_contract.mock", "--port", "0", option, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith(str(path) + "#/")
    assert option == "--ledger" or words in result.stderr


def test_the_command_serves_another_contract() -> None:
    """`--contract FILE` is all that another service needs."""
    command = [sys.executable, "-m", "secmaster_contract.mock", "--port", "0", "--contract", str(HERE / "library.yaml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Listening on ").strip()
        status = ask(url, message(b"", method="GET", target="/books/b1", headers=[TOKEN_LINE])).status
        process.terminate()

    assert status == 200


def test_no_token_of_another_scheme_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    """The token behind the scheme's word is masked wherever it stands."""
    import io  # noqa: PLC0415  used here alone

    record = io.StringIO()
    with running(MockSettings(tokens=("own-secret",), record=record), contract=LIBRARY) as server:
        for token in ("own-secret", "foreign-secret"):
            lines = [("Authorization", f"Bearer {token}"), ("X-Y", token)]
            ask(server.url, message(b"", method="GET", target=f"/books/b1?x={token}", headers=lines))

    assert "***" in record.getvalue()
    assert "-secret" not in record.getvalue() + "".join(capfd.readouterr())
