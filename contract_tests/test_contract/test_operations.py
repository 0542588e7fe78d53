"""Operations as they are read: parameters, bodies, commands, answers, tokens."""

from typing import Any

import pytest

from openapi_contract import Contract, Operation
from test_contract.making import CONTRACTS, contract_of, small

TEXT = {"type": "string"}


def only(root: dict[str, Any]) -> Operation:
    (operation,) = contract_of(root).operations
    return operation


def answers(*keys: str) -> dict[str, Any]:
    return {key: {"description": "An answer."} for key in keys}


def union(*names: str, effects: dict[str, str] | None = None) -> dict[str, Any]:
    schemas = {
        name: {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string", "const": name}},
            **({"x-effect": effects[name]} if effects and name in effects else {}),
        }
        for name in names
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return small({"oneOf": refs, "discriminator": {"propertyName": "kind"}}) | {"components": {"schemas": schemas}}


def test_a_contract_has_each_method_of_each_path() -> None:
    """
    Every operation of every path is read, with its method and its place.
    """
    contract = Contract.load(CONTRACTS / "foreign.yaml")

    found = {operation.id: (operation.method, operation.path) for operation in contract.operations}
    assert len(found) == 10
    assert found["changeOrder"] == ("PATCH", "/orders/{order_id}")
    assert found["putLabel"] == ("PUT", "/orders/{order_id}/labels/{position}")


def test_the_smallest_contract_has_one_command() -> None:
    """
    An operation without a body has one kind of request.
    """
    (operation,) = Contract.load(CONTRACTS / "minimal.yaml").operations

    assert operation.body is None
    assert [(command.name, command.pointer) for command in operation.commands] == [("ping", None)]
    assert operation.success_status == 204
    assert operation.security is None


def test_parameters_of_a_path_hold_for_each_operation() -> None:
    """
    An operation has the parameters of its path, unless it states one of the same name and place itself.
    """
    root = small(
        parameters=[
            {"name": "page", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 3}},
            {"name": "id", "in": "query", "schema": TEXT},
        ]
    )
    item = root["paths"].pop("/things")
    item["parameters"] = [
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "id", "in": "path", "required": True, "schema": TEXT},
    ]
    root["paths"]["/things/{id}"] = item

    found = {(own.place, own.name): own for own in only(root).parameters}

    assert set(found) == {("query", "page"), ("path", "id"), ("query", "id")}
    assert found["query", "page"].required
    assert found["query", "page"].types == ("string",)


def test_path_parameters_stand_as_the_path_names_them() -> None:
    """
    The order of a list of parameters means nothing.
    """
    root = small(
        parameters=[{"name": name, "in": "path", "required": True, "schema": TEXT} for name in ("c", "a", "b")]
    )
    root["paths"] = {"/{a}/{b}/{c}": root["paths"]["/things"]}

    assert [own.name for own in only(root).parameters_in("path")] == ["a", "b", "c"]


def test_a_path_is_filled_percent_encoded() -> None:
    """
    A value that is put into a path stays one segment.
    """
    root = small(parameters=[{"name": "a", "in": "path", "required": True, "schema": TEXT}])
    root["paths"] = {"/x/{a}/y": root["paths"]["/things"]}

    assert only(root).fill({"a": "1/2?#ü %"}) == "/x/1%2F2%3F%23%C3%BC%20%25/y"


@pytest.mark.parametrize(
    ("schema", "types"),
    [({"enum": [1, 2]}, ("integer",)), ({"const": True}, ("boolean",)), ({"type": "number"}, ("number",))],
)
def test_the_type_of_a_parameter_is_that_of_its_values(schema: dict[str, Any], types: tuple[str, ...]) -> None:
    """
    Where a parameter has no type, its values say which it is.
    """
    (parameter,) = only(small(parameters=[{"name": "a", "in": "query", "schema": schema}])).parameters

    assert parameter.types == types


@pytest.mark.parametrize(
    ("keys", "success", "all_of_it"),
    [
        (("200", "201"), 200, {200, 201}),
        (("204", "202", "default"), 202, {202, 204}),
        (("201",), 201, {201}),
    ],
)
def test_success_is_the_lowest_status_of_success(keys: tuple[str, ...], success: int, all_of_it: set[int]) -> None:
    """
    The answer of success is the lowest 2xx, wherever it stands.
    """
    operation = only(small(responses=answers(*keys)))

    assert (operation.success_status, operation.success_statuses) == (success, frozenset(all_of_it))


@pytest.mark.parametrize(
    ("keys", "key", "statuses"),
    [
        (("200", "400", "422"), "400", (400,)),
        (("200", "422", "404"), "422", (422,)),
        (("200", "409"), "409", (409,)),
        (("200", "4XX"), "4XX", (400, 422)),
        (("200", "401", "403", "404", "429"), None, (400, 422)),
        (("200", "default"), None, (400, 422)),
    ],
)
def test_a_fault_is_rejected_by_the_documented_status(
    keys: tuple[str, ...], key: str | None, statuses: tuple[int, ...]
) -> None:
    """
    The rejection is 400, else 422, else another 4xx of the operation itself; else a server may choose.
    """
    operation = only(small(responses=answers(*keys)))

    assert (operation.rejection.key if operation.rejection else None) == key
    assert operation.rejection_statuses == statuses


@pytest.mark.parametrize(("status", "key"), [(200, "200"), (503, "5XX"), (500, "500"), (404, "default")])
def test_a_status_has_the_answer_that_covers_it(status: int, key: str) -> None:
    """
    A status goes before its class, and a class before `default`.
    """
    found = only(small(responses=answers("200", "5XX", "500", "default"))).response(status)

    assert found is not None
    assert found.key == key


def test_a_status_may_be_covered_by_no_answer() -> None:
    """
    Without `default`, other statuses are not documented.
    """
    assert only(small(responses=answers("200"))).response(500) is None


@pytest.mark.parametrize(
    ("scheme", "header", "value"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "X-Key", "abc"),
        ({"type": "http", "scheme": "bearer"}, "Authorization", "Bearer abc"),
        ({"type": "http", "scheme": "Bearer"}, "Authorization", "Bearer abc"),
    ],
)
def test_a_token_has_its_header(scheme: dict[str, Any], header: str, value: str) -> None:
    """
    The scheme says in which header a token stands, and what stands before it.
    """
    root = small(security=[{"Key": []}]) | {"components": {"securitySchemes": {"Key": scheme}}}
    security = only(root).security

    assert security is not None
    assert (security.header, security.value("abc")) == (header, value)


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("ActionRetryCommand", "ActionStopCommand"), ["retry", "stop"]),
        (("Stop", "StopAll"), ["stop", "all"]),
        (("retry_now", "retry-later"), ["now", "later"]),
        (("Ünïcode", "Other"), None),
    ],
)
def test_a_command_is_called_by_what_the_others_do_not_share(names: tuple[str, ...], labels: list[str] | None) -> None:
    """
    The labels of the commands of one operation are short and differ.
    """
    found = [command.label for command in only(union(*names)).commands]

    assert labels is None or found == labels
    assert len(set(found)) == len(names)


def test_what_a_command_does_is_stated_not_its_place() -> None:
    """
    The gentlest command is the one whose effect is, wherever it stands; without a word a command changes something.
    """
    effects = {"Burn": "destroys", "Again": "repeatable"}

    for names in (("Burn", "Change", "Again"), ("Again", "Burn", "Change")):
        operation = only(union(*names, effects=effects))
        assert operation.gentlest.name == "Again"
        assert operation.command("Change").effect == "changes"  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize(
    ("method", "reads", "effect"), [("get", True, "reads"), ("head", True, "reads"), ("delete", False, "changes")]
)
def test_a_safe_method_reads(method: str, reads: bool, effect: str) -> None:  # noqa: FBT001  a column
    """
    Without a word, an operation of a safe method reads, and any other changes something.
    """
    root = small(responses=answers("200"))
    operation = root["paths"]["/things"].pop("post")
    del operation["requestBody"]
    root["paths"]["/things"][method] = operation

    found = only(root)

    assert (found.reads, found.commands[0].effect) == (reads, effect)
