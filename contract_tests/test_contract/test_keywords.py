"""What a contract may say: each keyword is derived, or refused with its pointer and what to write instead."""

from typing import Any

import pytest

from openapi_contract import Contract, ContractError
from openapi_contract.document import Document, join
from openapi_contract.keywords import RULES
from test_contract.making import BODY, FIELD, MEDIA_TYPE, faults_of, keys_of, small, with_field, with_parameter

POST = "/paths/~1things/post"
CONTENT = join("paths", "/things", "post", "requestBody", "content")
TEXT = {"type": "string"}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def merged(root: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**root, **more}


def body_of(content: Any, **more: Any) -> dict[str, Any]:
    return small(requestBody={"required": True, "content": content, **more})


def secured(security: Any, **schemes: Any) -> dict[str, Any]:
    return merged(small(security=security), components={"securitySchemes": schemes})


def answering(**responses: Any) -> dict[str, Any]:
    return small(responses={"200": {"description": "Done."}, **responses})


def at_path(path: str, **item: Any) -> dict[str, Any]:
    root = small()
    return merged(root, paths={path: {**root["paths"]["/things"], **item}})


DERIVED: list[tuple[Any, str]] = [
    ({"type": "integer"}, "type"),
    ({"type": "number"}, "type"),
    ({"type": "boolean"}, "type"),
    ({"type": "array"}, "type"),
    ({"type": "object"}, "type"),
    ({"type": "null"}, "type"),
    ({"type": ["string", "null"]}, "type"),
    ({"enum": ["a", 3, None]}, "enum"),
    ({"const": "a"}, "const"),
    ({"type": "string", "minLength": 2}, "min-length"),
    ({"type": "string", "maxLength": 2}, "max-length"),
    ({"type": "string", "pattern": "^a"}, "pattern"),
    *(({"type": "string", "format": name}, "format") for name in ("date-time", "date", "uuid", "uri", "email", "time")),
    *(({"type": "string", "format": name}, "format") for name in ("hostname", "ipv4", "ipv6")),
    ({"type": "integer", "format": "int32"}, "format"),
    ({"type": "integer", "format": "int64"}, "format"),
    ({"type": "integer", "minimum": 2}, "minimum"),
    ({"type": "integer", "maximum": 2}, "maximum"),
    ({"type": "number", "exclusiveMinimum": 0.1}, "exclusive-minimum"),
    ({"type": "number", "exclusiveMaximum": 0.1}, "exclusive-maximum"),
    ({"type": "number", "multipleOf": 0.01}, "multiple-of"),
    ({"type": "array", "minItems": 1}, "min-items"),
    ({"type": "array", "maxItems": 1}, "max-items"),
    ({"type": "array", "uniqueItems": True}, "unique-items"),
    ({"type": "array", "items": {"type": "integer"}}, "items.type"),
    ({"type": "array", "items": {"type": "array", "items": {"maximum": 3}}}, "items.items.maximum"),
    ({"type": "object", "minProperties": 1}, "min-properties"),
    ({"type": "object", "maxProperties": 1}, "max-properties"),
    ({"type": "object", "additionalProperties": False}, "additional-properties"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "values.type"),
    ({"type": "object", "required": ["a"], "properties": {"a": TEXT}}, "a.required"),
    ({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"maximum": 3}}}}}, "a.b.maximum"),
    (
        {"type": "object", "dependentRequired": {"a": ["b"]}, "properties": {"a": TEXT, "b": TEXT}},
        "a.dependent-required",
    ),
    ({"oneOf": [{"type": "integer"}, {"type": "null"}]}, "one-of"),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "any-of"),
    ({"allOf": [{"type": "string", "maxLength": 3}]}, "max-length"),
]


@pytest.mark.parametrize(("schema", "key"), DERIVED)
def test_a_keyword_gives_a_clause(schema: dict[str, Any], key: str) -> None:
    """
    Each keyword that is not refused has a clause with the name of its place.
    """
    assert f"body.field.{key}" in keys_of(with_field(schema))


def test_each_derived_keyword_is_tried() -> None:
    """
    No keyword is called derived that these tests do not know.
    """
    known = {word for schema, _ in DERIVED for word in schema}

    assert set(RULES) - known == {"discriminator"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 0},
        {"type": "string", "format": "password"},
        {"type": "number", "format": "double"},
        {"type": "array", "minItems": 0},
        {"type": "array", "uniqueItems": False},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "required": [], "properties": {}},
        {"type": "string", "title": "T", "deprecated": True, "x-note": [1], "$comment": "c", "examples": ["a"]},
    ],
)
def test_what_restricts_nothing_gives_no_clause(schema: dict[str, Any]) -> None:
    """
    A keyword that every value of its type fulfils is no rule.
    """
    assert keys_of(with_field(schema)) == keys_of(with_field({"type": schema["type"]}))


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    *(
        (word, with_field({"type": "string", word: value}), f"{FIELD}/{word}", advice)
        for word, value, advice in (
            ("if", {}, "oneOf"),
            ("then", {}, "oneOf"),
            ("else", {}, "oneOf"),
            ("not", {}, "what is allowed"),
            ("nullable", True, "'null'"),
            ("patternProperties", {}, "additionalProperties"),
            ("propertyNames", {}, "Name the properties"),
            ("dependentSchemas", {}, "dependentRequired"),
            ("prefixItems", [], "named properties"),
            ("contains", {}, "each of the items"),
            ("unevaluatedProperties", False, "additionalProperties"),
            ("unevaluatedItems", False, "items"),
            ("readOnly", True, "another for answers"),
            ("writeOnly", True, "another for answers"),
            ("contentEncoding", "base64", "pattern"),
            ("$defs", {}, "/components/schemas"),
            ("$schema", "x", "leave it out"),
            ("$id", "x", "#/components"),
            ("$anchor", "x", "#/components"),
            ("$dynamicRef", "#x", "$ref"),
            ("maxlength", 3, "Leave it out"),
        )
    ),
    ("a format that nobody checks", with_field({"type": "string", "format": "iban"}), f"{FIELD}/format", "pattern"),
    ("a format of another type", with_field({"type": "integer", "format": "date"}), f"{FIELD}/format", "Leave it out"),
    ("a number format of text", with_field({"type": "string", "format": "int32"}), f"{FIELD}/format", "Leave it out"),
    ("a keyword of another type", with_field({"type": "integer", "maxLength": 3}), f"{FIELD}/maxLength", "Leave"),
    ("a keyword of no listed type", with_field({"type": ["integer", "null"], "items": {}}), f"{FIELD}/items", "Leave"),
    ("a keyword of another enum", with_field({"enum": [1], "pattern": "a"}), f"{FIELD}/pattern", "Leave"),
    (
        "a limit as in 3.0",
        with_field({"type": "integer", "exclusiveMinimum": True}),
        f"{FIELD}/exclusiveMinimum",
        "limit",
    ),
    ("a limit that is text", with_field({"type": "integer", "minimum": "3"}), f"{FIELD}/minimum", "JSON Schema"),
    ("a negative length", with_field({"type": "string", "minLength": -1}), f"{FIELD}/minLength", "JSON Schema"),
    ("a pattern that is none", with_field({"type": "string", "pattern": "("}), f"{FIELD}/pattern", "JSON Schema"),
    ("an unknown type", with_field({"type": "text"}), f"{FIELD}/type", "Write one of"),
    ("null without quotes", with_field({"type": ["string", None]}), f"{FIELD}/type", "in quotes"),
    ("no type in a list", with_field({"type": []}), f"{FIELD}/type", "JSON Schema"),
    ("an empty oneOf", with_field({"oneOf": []}), f"{FIELD}/oneOf", "JSON Schema"),
    ("a name required twice", small({"type": "object", "required": ["a", "a"]}), f"{BODY}/required", "JSON Schema"),
    ("a required name alone", small({"type": "object", "required": ["a"]}), f"{BODY}/required/a", "Describe it"),
    ("a schema that is true", with_field(True), FIELD, "at least with a type"),
    ("a schema that is false", with_field(False), FIELD, "at least with a type"),
    ("a schema that is null", with_field(None), FIELD, "at least with a type"),
    ("items that are true", with_field({"type": "array", "items": True}), f"{FIELD}/items", "at least with a type"),
    ("properties in a list", small({"type": "object", "properties": []}), f"{BODY}/properties", "JSON Schema"),
    ("a default of another type", with_field({"type": "integer", "default": "a"}), f"{FIELD}/default", "Change"),
    (
        "an example that is too long",
        with_field({"type": "string", "maxLength": 2, "example": "abc"}),
        f"{FIELD}/example",
        "Change",
    ),
    (
        "one such in a list",
        with_field({"type": "string", "maxLength": 2, "examples": ["a", "abc"]}),
        f"{FIELD}/examples/1",
        "Change",
    ),
    (
        "an unused schema with not",
        merged(small(), components={"schemas": {"A": {"not": {}}}}),
        "/components/schemas/A/not",
        "enum",
    ),
    # the document
    ("no version", {"info": {}}, "/openapi", "3.1.0"),
    ("3.0", merged(small(), openapi="3.0.3"), "/openapi", "3.1.0"),
    ("3.2", merged(small(), openapi="3.2.0"), "/openapi", "3.1.0"),
    ("a number as version", merged(small(), openapi=3.1), "/openapi", "3.1.0"),
    ("no title", merged(small(), info={"version": "1"}), "/info/title", "title:"),
    ("a version that is a number", merged(small(), info={"title": "t", "version": 1}), "/info/version", "version:"),
    ("no info", merged(small(), info=None), "/info", "object"),
    ("no path", merged(small(), paths={}), "/paths", "at least one path"),
    ("paths in a list", merged(small(), paths=[]), "/paths", "at least one path"),
    ("a path without a method", merged(small(), paths={"/a": {}}), "/paths", "at least one path"),
    ("webhooks", merged(small(), webhooks={}), "/webhooks", "contract of its own"),
    ("an unknown root key", merged(small(), swagger="2"), "/swagger", "x-"),
    ("components in a list", merged(small(), components=[]), "/components", "object"),
    ("schemas that are null", merged(small(), components={"schemas": None}), "/components/schemas", "object"),
    # paths and operations
    ("a path without a slash", at_path("things"), "/paths/things", "Begin it with /"),
    ("a path with a query", at_path("/a?b=1"), "/paths/~1a?b=1", "query"),
    ("a path beyond ASCII", at_path("/ü"), "/paths/~1ü", "RFC 3986"),
    ("half a segment", at_path("/a/{b}.json"), "/paths/~1a~1{b}.json", "between slashes"),
    ("a brace too many", at_path("/a/{b"), "/paths/~1a~1{b", "between slashes"),
    ("a name twice in a path", at_path("/{a}/{a}"), "/paths/~1{a}~1{a}", "once"),
    ("an undescribed path parameter", at_path("/{a}"), "/paths/~1{a}/post/parameters", "Add it"),
    ("a path that is null", merged(small(), paths={"/a": None}), "/paths/~1a", "object"),
    ("an unknown method", at_path("/things", query={}), "/paths/~1things/query", "Leave it out"),
    ("an operation in a list", at_path("/things", get=[]), "/paths/~1things/get", "object"),
    ("servers of a path", at_path("/things", servers=[]), "/paths/~1things/servers", "root"),
    ("no operationId", small(operationId=None), f"{POST}/operationId", "operationId:"),
    ("callbacks", small(callbacks={}), f"{POST}/callbacks", "contract of its own"),
    ("servers of an operation", small(servers=[]), f"{POST}/servers", "root"),
    ("an unknown effect", small(**{"x-effect": "burns"}), f"{POST}/x-effect", "destroys"),
    # parameters
    ("parameters in an object", small(parameters={}), f"{POST}/parameters", "list"),
    ("a parameter that is null", small(parameters=[None]), f"{POST}/parameters/0", "name, in and schema"),
    (
        "a parameter twice",
        small(parameters=[{"name": "a", "in": "query", "schema": TEXT}] * 2),
        f"{POST}/parameters/1",
        "Leave",
    ),
    (
        "a header twice, in two cases",
        small(parameters=[{"name": name, "in": "header", "schema": TEXT} for name in ("X-A", "x-a")]),
        f"{POST}/parameters/1",
        "Leave",
    ),
    ("a place that is none", with_parameter(TEXT, "body"), f"{POST}/parameters/0/in", "cookie"),
    (
        "a parameter without a schema",
        small(parameters=[{"name": "a", "in": "query"}]),
        f"{POST}/parameters/0/schema",
        "type",
    ),
    ("content of a parameter", with_parameter(TEXT, content={}), f"{POST}/parameters/0/content", "schema"),
    ("required that is text", with_parameter(TEXT, required="yes"), f"{POST}/parameters/0/required", "one of them"),
    (
        "another style",
        with_parameter({"type": "array", "items": TEXT}, style="pipeDelimited"),
        f"{POST}/parameters/0/style",
        "form",
    ),
    (
        "a list in one text",
        with_parameter({"type": "array", "items": TEXT}, explode=False),
        f"{POST}/parameters/0/explode",
        "Leave",
    ),
    ("an object as parameter", with_parameter({"type": "object"}), f"{POST}/parameters/0/schema/type", "Use one"),
    ("two types", with_parameter({"type": ["string", "integer"]}), f"{POST}/parameters/0/schema/type", "Use one"),
    ("alternatives", with_parameter({"oneOf": [TEXT]}), f"{POST}/parameters/0/schema", "Write type"),
    (
        "a list of lists",
        with_parameter({"type": "array", "items": {"type": "array"}}),
        f"{POST}/parameters/0/schema/items",
        "items:",
    ),
    (
        "a list in a cookie",
        with_parameter({"type": "array", "items": TEXT}, "cookie"),
        f"{POST}/parameters/0/schema/type",
        "text",
    ),
    (
        "an example that breaks it",
        with_parameter({"type": "integer"}, example="a"),
        f"{POST}/parameters/0/example",
        "Change",
    ),
    *(
        (
            f"the header {name}",
            small(parameters=[{"name": name, "in": "header", "schema": TEXT}]),
            f"{POST}/parameters/0",
            "State it",
        )
        for name in ("Accept", "content-type", "Authorization")
    ),
    (
        "a header with a space",
        small(parameters=[{"name": "X A", "in": "header", "schema": TEXT}]),
        f"{POST}/parameters/0/name",
        "letters",
    ),
    # bodies
    (
        "a body with GET",
        at_path("/things", get=small()["paths"]["/things"]["post"]),
        "/paths/~1things/get/requestBody",
        "POST",
    ),
    (
        "a body with DELETE",
        at_path("/things", delete=small()["paths"]["/things"]["post"]),
        "/paths/~1things/delete/requestBody",
        "POST",
    ),
    ("a body that is null", small(requestBody=None), f"{POST}/requestBody", "object"),
    ("no media type", body_of({}), CONTENT, "Write one"),
    ("two media types", body_of({MEDIA_TYPE: {"schema": {}}, "text/json": {"schema": {}}}), CONTENT, "Write one"),
    ("multipart", body_of({"multipart/form-data": {"schema": {}}}), f"{CONTENT}/multipart~1form-data", "use JSON"),
    (
        "a form",
        body_of({"application/x-www-form-urlencoded": {}}),
        f"{CONTENT}/application~1x-www-form-urlencoded",
        "use JSON",
    ),
    ("text", body_of({"text/plain": {"schema": TEXT}}), f"{CONTENT}/text~1plain", "use JSON"),
    ("any media type", body_of({"*/*": {"schema": {}}}), f"{CONTENT}/*~1*", "use JSON"),
    ("no schema", body_of({MEDIA_TYPE: {}}), BODY, "type: object"),
    (
        "encoding",
        body_of({MEDIA_TYPE: {"schema": {}, "encoding": {}}}),
        f"{CONTENT}/application~1json/encoding",
        "forms",
    ),
    (
        "examples in a list",
        body_of({MEDIA_TYPE: {"schema": {}, "examples": []}}),
        f"{CONTENT}/application~1json/examples",
        "object",
    ),
    (
        "an example without a value",
        body_of({MEDIA_TYPE: {"schema": {}, "examples": {"a": {}}}}),
        f"{CONTENT}/application~1json/examples/a",
        "value:",
    ),
    (
        "an example elsewhere",
        body_of({MEDIA_TYPE: {"schema": {}, "examples": {"a": {"value": 1, "externalValue": "x"}}}}),
        f"{CONTENT}/application~1json/examples/a/externalValue",
        "value here",
    ),
    (
        "an example that breaks a rule",
        body_of({MEDIA_TYPE: {"schema": {"type": "object"}, "examples": {"a": {"value": 3}}}}),
        f"{CONTENT}/application~1json/examples/a/value",
        "Change the example",
    ),
    # answers
    ("no answer", small(responses={}), f"{POST}/responses", "at least one status"),
    ("answers in a list", small(responses=[]), f"{POST}/responses", "at least one status"),
    ("no success", small(responses={"default": {"description": "d"}}), f"{POST}/responses", "2xx"),
    ("a success that is a class", small(responses={"2XX": {"description": "d"}}), f"{POST}/responses", "2xx"),
    ("a status that is none", answering(**{"99": {"description": "d"}}), f"{POST}/responses/99", "4XX"),
    ("a class in lower case", answering(**{"4xx": {"description": "d"}}), f"{POST}/responses/4xx", "4XX"),
    ("an answer without words", answering(**{"400": {}}), f"{POST}/responses/400/description", "description:"),
    ("an answer that is null", answering(**{"400": None}), f"{POST}/responses/400", "object"),
    (
        "a body where there can be none",
        small(responses={"204": {"description": "d", "content": {MEDIA_TYPE: {"schema": {}}}}}),
        f"{POST}/responses/204/content",
        "Leave the content out",
    ),
    (
        "an answer of two media types",
        answering(**{"400": {"description": "d", "content": {MEDIA_TYPE: {"schema": {}}, "a/b+json": {"schema": {}}}}}),
        f"{POST}/responses/400/content",
        "Write one",
    ),
    (
        "an answer in text",
        answering(**{"400": {"description": "d", "content": {"text/plain": {"schema": TEXT}}}}),
        f"{POST}/responses/400/content/text~1plain",
        "JSON",
    ),
    (
        "headers in a list",
        answering(**{"400": {"description": "d", "headers": []}}),
        f"{POST}/responses/400/headers",
        "object",
    ),
    (
        "a header without a schema",
        answering(**{"400": {"description": "d", "headers": {"X-A": {}}}}),
        f"{POST}/responses/400/headers/X-A",
        "type",
    ),
    (
        "Content-Type as a header",
        answering(**{"400": {"description": "d", "headers": {"content-type": {"schema": TEXT}}}}),
        f"{POST}/responses/400/headers/content-type",
        "media type",
    ),
    # security
    ("two schemes", secured([{"A": []}, {"B": []}], A=KEY, B=KEY), f"{POST}/security", "one security scheme"),
    ("two schemes at once", secured([{"A": [], "B": []}], A=KEY, B=KEY), f"{POST}/security", "one security scheme"),
    ("a scheme or none", secured([{}, {"A": []}], A=KEY), f"{POST}/security", "one security scheme"),
    ("security in an object", secured({}), f"{POST}/security", "one security scheme"),
    ("security in texts", secured(["A"], A=KEY), f"{POST}/security", "one security scheme"),
    ("a scheme that is not there", secured([{"A": []}]), f"{POST}/security", "/components/securitySchemes/A"),
    ("a scheme that is null", secured([{"A": []}], A=None), "/components/securitySchemes/A", "apiKey"),
    (
        "a key without a name",
        secured([{"A": []}], A={"type": "apiKey", "in": "header"}),
        "/components/securitySchemes/A/name",
        "name:",
    ),
    ("a key in the query", secured([{"A": []}], A={**KEY, "in": "query"}), "/components/securitySchemes/A", "header"),
    ("basic", secured([{"A": []}], A={"type": "http", "scheme": "basic"}), "/components/securitySchemes/A", "bearer"),
    (
        "oauth2",
        secured([{"A": ["read"]}], A={"type": "oauth2", "flows": {}}),
        "/components/securitySchemes/A",
        "bearer",
    ),
    ("openIdConnect", secured([{"A": []}], A={"type": "openIdConnect"}), "/components/securitySchemes/A", "bearer"),
    ("mutual TLS", secured([{"A": []}], A={"type": "mutualTLS"}), "/components/securitySchemes/A", "bearer"),
]


@pytest.mark.parametrize(
    ("root", "pointer", "advice"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_is_not_derived_is_refused(root: dict[str, Any], pointer: str, advice: str) -> None:
    """
    What cannot be derived everywhere is refused at its place, with what to write instead.
    """
    assert advice in faults_of(root)[pointer]


def union(*members: dict[str, Any], mapping: Any = None, name: str = "kind") -> dict[str, Any]:
    """Return a contract whose body is a union of the components A, B, ..."""
    schemas = dict(zip("ABC", members, strict=False))
    discriminator = {"propertyName": name} | ({} if mapping is None else {"mapping": mapping})
    refs = [{"$ref": f"#/components/schemas/{letter}"} for letter in schemas]
    return merged(small({"oneOf": refs, "discriminator": discriminator}), components={"schemas": schemas})


def member(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "const": value}}, **more}


A, B = "#/components/schemas/A", "#/components/schemas/B"


@pytest.mark.parametrize(
    ("root", "pointer"),
    [
        (union(member("a"), member("a")), "/components/schemas/B"),
        (union(member("a"), member(3)), "/components/schemas/B"),
        (union(member("a"), member("b", required=[])), "/components/schemas/B"),
        (union(member("a"), {"type": "object"}), "/components/schemas/B"),
        (union(member("a"), member("b", properties=[])), "/components/schemas/B"),
        (union(member("a"), member("b"), mapping={"a": A}), f"{BODY}/discriminator/mapping"),
        (union(member("a"), member("b"), mapping={"a": A, "c": B}), f"{BODY}/discriminator/mapping/c"),
        (union(member("a"), mapping={"a": "#/components/schemas/Z"}), f"{BODY}/discriminator/mapping/a"),
        (union(member("a"), mapping={"a": 3}), f"{BODY}/discriminator/mapping/a"),
        (union(member("a"), mapping=[]), f"{BODY}/discriminator/mapping"),
        (union(member("a"), name="other"), "/components/schemas/A"),
        (small({"oneOf": [member("a")], "discriminator": {"propertyName": "kind"}}), f"{BODY}/oneOf/0"),
        (small({"type": "object", "discriminator": {"propertyName": "kind"}}), f"{BODY}/discriminator"),
        (small({"oneOf": [member("a")], "discriminator": "kind"}), f"{BODY}/discriminator"),
    ],
)
def test_a_union_that_selects_nothing_is_refused(root: dict[str, Any], pointer: str) -> None:
    """
    A discriminator needs named alternatives that each fix another text.
    """
    assert pointer in faults_of(root)


def test_an_example_of_a_union_breaks_a_rule_of_its_own_member() -> None:
    """
    The rule that an example breaks is named where it stands, not as the union that selects it.
    """
    root = union(member("a"), member("b", required=["kind", "more"]))
    root["paths"]["/things"]["post"]["requestBody"]["content"][MEDIA_TYPE]["examples"] = {"b": {"value": {"kind": "b"}}}

    assert f"{B[1:]}/required" in faults_of(root)[f"{CONTENT}/application~1json/examples/b/value"]


def test_all_faults_are_told_at_once() -> None:
    """
    One reading names every fault, each once, in the order of their pointers.
    """
    root = small(
        {"type": "object", "properties": {"a": {"not": {}}, "b": {"if": {}, "then": {}}}}, callbacks={}, responses={}
    )

    found = list(faults_of(root))

    assert len(found) == 5
    assert found == sorted(found)


def test_a_fault_is_one_line_with_the_file() -> None:
    """
    The message of a fault is a line: file, pointer, what is wrong, what to write.
    """
    with pytest.raises(ContractError) as caught:
        Contract.of(Document("dir/my.yaml", with_field({"type": "string", "not": {}})))

    assert str(caught.value) == (
        f"dir/my.yaml#{FIELD}/not: the keyword not is not supported. "
        "Say what is allowed instead: enum, pattern, or a oneOf of the right cases."
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": TEXT}, "allOf": [{"required": ["a"]}]},
        {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"allOf": [{"type": "object", "properties": {"a": TEXT}}, {"required": ["a"]}]},
        {"allOf": [{"allOf": [{"type": "object", "properties": {"a": TEXT}}]}, {"oneOf": [{"required": ["a"]}]}]},
        {"type": "object", "required": ["a"], "allOf": [{"properties": {"a": TEXT}}]},
        {"type": "object", "required": ["a"], "additionalProperties": TEXT},
    ],
)
def test_a_required_name_may_be_described_beside_it(schema: dict[str, Any]) -> None:
    """
    A part of a schema may require what another part of it describes.
    """
    assert not faults_of(small(schema))


@pytest.mark.parametrize(
    "root",
    [
        secured([]),
        secured([{}]),
        merged(small(security=[]), security=[{"A": []}], components={"securitySchemes": {"A": KEY}}),
    ],
)
def test_an_operation_may_need_no_token(root: dict[str, Any]) -> None:
    """
    An empty list, and an empty requirement, ask for no token.
    """
    assert not any("required" in key for key in keys_of(root) if key.startswith("headers.x-"))


@pytest.mark.parametrize(
    ("names", "refused"),
    [(("showThing", "show-thing"), True), (("showThing", "showThing"), True), (("showA", "showB"), False)],
)
def test_operations_have_names_that_differ(names: tuple[str, str], refused: bool) -> None:  # noqa: FBT001  a column
    """
    Two operations whose names are the same words would be one method of the client: they are refused.
    """
    root = small(operationId=names[0])
    root["paths"]["/others"] = {"post": {**root["paths"]["/things"]["post"], "operationId": names[1]}}

    assert bool(faults_of(root)) is refused
