"""The file as it is read: YAML 1.2 with unique keys of text, JSON pointers, references."""

from pathlib import Path
from typing import Any

import pytest

from openapi_contract import Contract, ContractError
from openapi_contract.document import Document, join, read_yaml, split
from test_contract.making import faults_of, sample, small, with_field


def read(tmp_path: Path, text: str | bytes) -> Any:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_yaml(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1e-3", 0.001),
        ("-.5", -0.5),
        ("True", True),
        ("~", None),
        ("Null", None),
        ("", None),
        ("'true'", "true"),
        ("!!str 3", "3"),
    ],
)
def test_values_are_those_of_yaml_1_2(tmp_path: Path, written: str, value: Any) -> None:
    """
    A value means what the core schema of YAML 1.2 says, as for the generator and every other tool of OpenAPI 3.1.
    """
    found = read(tmp_path, f"key: {written}")["key"]

    assert found == value
    assert type(found) is type(value)


def test_keys_are_text(tmp_path: Path) -> None:
    """
    A key is the text it is written as: a status without quotes, `on`, a date.
    """
    assert read(tmp_path, "200: a\non: b\n2026-01-31: c\n'x': d\n") == {
        "200": "a",
        "on": "b",
        "2026-01-31": "c",
        "x": "d",
    }


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    """
    Anchors and aliases are read.
    """
    assert read(tmp_path, "a: &same {type: string}\nb: *same\n") == {"a": {"type": "string"}, "b": {"type": "string"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\na: 2\n", "the key a stands twice"),
        ("{a: {b: 1, 'b': 2}}", "the key b stands twice"),
        ("a: {<<: {b: 1}}", "the merge key << is no part of YAML 1.2"),
        ("? [a]\n: 1\n", "a key must be plain text"),
        ("a: *b\n", "undefined alias"),
        ("a: 1\n---\nb: 2\n", "expected a single document"),
        ("a: !thing 1\n", "could not determine a constructor"),
        ("a: !!python/object:os.system 1\n", "could not determine a constructor"),
        (b"a: \xff\n", "invalid leading UTF-8 octet"),
        ("a: \0\n", "control characters"),
        ("a: " + "9" * 5000, "Exceeds the limit"),
        ("\ta: 1\n", "cannot start any token"),
    ],
)
def test_what_is_no_plain_yaml_is_told(tmp_path: Path, text: str | bytes, told: str) -> None:
    """
    A file that is not YAML, or more than a contract needs of it, is an error of the contract that names the file.
    """
    with pytest.raises(ContractError) as caught:
        read(tmp_path, text)

    assert told in str(caught.value)
    assert "file.yaml" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "3", "text"])
def test_a_file_without_an_object_is_told(tmp_path: Path, text: str) -> None:
    """
    An empty file, a list or a text is no contract.
    """
    (tmp_path / "file.yaml").write_text(text)
    with pytest.raises(ContractError, match="the file holds no object"):
        Contract.load(tmp_path / "file.yaml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """
    A path without a file is an error of the contract.
    """
    with pytest.raises(ContractError, match="the file cannot be read: No such file"):
        Contract.load(tmp_path / "file.yaml")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), b"bytes", {"a", "b"}])
def test_what_json_cannot_hold_is_refused_where_it_stands(value: Any) -> None:
    """
    Infinity, NaN, bytes and sets, which YAML can write, are refused with their pointer.
    """
    assert set(faults_of(with_field({"const": value}))) == {
        "/paths/~1things/post/requestBody/content/application~1json/schema/properties/field/const"
    }


def test_a_key_that_is_no_text_is_refused() -> None:
    """
    A contract that was put together in Python needs text as keys, too.
    """
    root = small(responses={200: {"description": "Done."}})

    assert faults_of(root)["/paths/~1things/post/responses/200"].startswith("the key is no text")


def test_an_alias_inside_itself_is_refused(tmp_path: Path) -> None:
    """
    A structure without end is an error of the contract.
    """
    (tmp_path / "file.yaml").write_text("openapi: 3.1.0\nx-endless: &same [*same]\n")
    with pytest.raises(ContractError, match="round in a circle"):
        Contract.load(tmp_path / "file.yaml")


@pytest.mark.parametrize("name", ["plain", "a/b", "a~b", "~1", "/", "", "ü b", "0", "%7B"])
def test_a_pointer_leads_to_any_name(name: str) -> None:
    """
    A name of any characters is found by the pointer that is built from it.
    """
    document = Document("file", {"parts": {name: {"inner": 3}}})
    pointer = join("parts", name, "inner")

    assert split(pointer) == ["parts", name, "inner"]
    assert document.at(pointer) == 3
    assert document.canonical(pointer) == document.indexed(pointer) == pointer


NAMED = Document(
    "file",
    {
        "required": ["a", "c", "b"],
        "parameters": [
            {"name": "limit", "in": "query"},
            {"$ref": "#/components/Trace"},
            {"name": "same", "in": "query"},
            {"name": "same", "in": "header"},
        ],
        "components": {"Trace": {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}},
    },
)


@pytest.mark.parametrize(
    ("pointer", "canonical", "indexed"),
    [
        ("/required/b", "/required/b", "/required/2"),
        ("/required/2", "/required/b", "/required/2"),
        ("/parameters/0/in", "/parameters/limit/in", "/parameters/0/in"),
        ("/parameters/limit", "/parameters/limit", "/parameters/0"),
        ("/parameters/X-Trace/schema", "/components/Trace/schema", "/components/Trace/schema"),
        ("/parameters/1/schema", "/components/Trace/schema", "/components/Trace/schema"),
        ("/parameters/2/in", "/parameters/2/in", "/parameters/2/in"),
        ("/parameters/3/in", "/parameters/3/in", "/parameters/3/in"),
    ],
)
def test_members_of_a_list_have_names(pointer: str, canonical: str, indexed: str) -> None:
    """
    A member is called by its name where it alone has it, so that the order of a list means nothing.
    """
    assert NAMED.canonical(pointer) == canonical
    assert NAMED.indexed(pointer) == indexed
    assert NAMED.at(canonical) is NAMED.at(indexed)


@pytest.mark.parametrize(
    "pointer", ["/nothing", "/required/3", "/required/d", "/parameters/same", "/required/b/c", "/parameters/9"]
)
def test_a_pointer_to_nothing_is_told(pointer: str) -> None:
    """
    A pointer that leads nowhere is an error that has the pointer.
    """
    with pytest.raises(ContractError) as caught:
        NAMED.at(pointer)

    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def with_schemas(**schemas: Any) -> dict[str, Any]:
    """Return a contract whose field refers to the component A."""
    return with_field({"$ref": "#/components/schemas/A"}) | {"components": {"schemas": schemas}}


def refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_chain_of_references_is_followed() -> None:
    """
    A reference to a reference leads to the schema at its end.
    """
    root = with_schemas(A=refer("B"), B=refer("C"), C={"type": "integer", "minimum": 7})

    assert sample(root) == {"field": 7}


@pytest.mark.parametrize("reference", ["#/components/schemas/a%20b%7B", "#/components/schemas/a b{"])
def test_a_reference_may_be_percent_encoded(reference: str) -> None:
    """
    A reference is a URI, whose escapes stand for the characters of the name.
    """
    root = with_schemas(A={"$ref": reference}, **{"a b{": {"type": "integer", "minimum": 7}})

    assert sample(root) == {"field": 7}


@pytest.mark.parametrize(
    ("schemas", "pointer", "told"),
    [
        ({"A": refer("A")}, "/components/schemas/A/$ref", "back to itself"),
        ({"A": refer("B"), "B": refer("A")}, "/components/schemas/A/$ref", "back to itself"),
        ({"A": refer("Nothing")}, "/components/schemas/A/$ref", "there is nothing at"),
        ({"A": {"$ref": "other.yaml#/A"}}, "/components/schemas/A/$ref", "out of this file"),
        ({"A": {"$ref": "https://host.example/a"}}, "/components/schemas/A/$ref", "out of this file"),
        ({"A": {"$ref": "#"}}, "/components/schemas/A/$ref", "out of this file"),
        ({"A": {"$ref": None}}, "/components/schemas/A/$ref", "out of this file"),
        (
            {"A": {"type": "object", "properties": {"a": refer("A")}}},
            "/components/schemas/A/properties/a",
            "holds itself",
        ),
        ({"A": {"type": "array", "items": refer("A")}}, "/components/schemas/A/items", "holds itself"),
        ({"A": {"allOf": [refer("A")]}}, "/components/schemas/A/allOf/0", "holds itself"),
        (
            {"A": {**refer("B"), "maxLength": 3}, "B": {"type": "string"}},
            "/components/schemas/A/maxLength",
            "beside $ref",
        ),
    ],
)
def test_a_reference_that_cannot_be_used_is_refused(schemas: dict[str, Any], pointer: str, told: str) -> None:
    """
    A reference that leads nowhere, away or round in a circle is refused at its place.
    """
    assert told in faults_of(with_schemas(**schemas))[pointer]


def test_a_parameter_that_is_not_there_is_refused_at_its_reference() -> None:
    """
    A broken reference in one part keeps no fault of another part from being told.
    """
    found = faults_of(small(parameters=[{"$ref": "#/components/parameters/Nothing"}], responses={}))

    assert set(found) == {"/paths/~1things/post/parameters/0/$ref", "/paths/~1things/post/responses"}


def test_words_beside_a_reference_are_let_be() -> None:
    """
    A description beside a reference changes no rule.
    """
    root = with_field({"$ref": "#/components/schemas/A", "description": "Its own words."})

    assert not faults_of(root | {"components": {"schemas": {"A": {"type": "string"}}}})
