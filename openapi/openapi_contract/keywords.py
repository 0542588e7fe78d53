"""What a contract may say. Whatever stands in no table here is refused, so that no rule is ever ignored."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from openapi_contract.document import Document, join, uri_of
from openapi_contract.errors import ContractError, Problem
from openapi_contract.media_type import MediaType

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SAFE_METHODS = frozenset({"get", "head", "options", "trace"})
PLACES = ("path", "query", "header", "cookie")
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

# Each keyword that is derived everywhere, with the types it applies to; none means every type.
RULES: Mapping[str, tuple[str, ...]] = {
    "type": (),
    "enum": (),
    "const": (),
    "minLength": ("string",),
    "maxLength": ("string",),
    "pattern": ("string",),
    "format": ("string", "integer", "number"),
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "exclusiveMinimum": ("integer", "number"),
    "exclusiveMaximum": ("integer", "number"),
    "multipleOf": ("integer", "number"),
    "items": ("array",),
    "minItems": ("array",),
    "maxItems": ("array",),
    "uniqueItems": ("array",),
    "properties": ("object",),
    "required": ("object",),
    "additionalProperties": ("object",),
    "minProperties": ("object",),
    "maxProperties": ("object",),
    "dependentRequired": ("object",),
    "oneOf": (),
    "anyOf": (),
    "allOf": (),
    "discriminator": (),
}
ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "examples",
        "example",
        "default",
        "deprecated",
        "externalDocs",
        "contentMediaType",
        "contentSchema",
        "xml",
        "$comment",
    }
)
STRING_FORMATS = ("date-time", "date", "time", "uuid", "uri", "email", "hostname", "ipv4", "ipv6")
NUMBER_FORMATS: Mapping[str, tuple[int, int]] = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
# What ECMA-262, Rust and Python read alike: JSON Schema 2020-12 section 6.4 asks authors to keep to such a part.
_ESCAPE = r"\\(?:[dDwWsSnrtfv]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[!-/:-@\[-`{-~])"
_MEMBER = rf"(?:{_ESCAPE}|(?!&&|~~|--|\|\|)[^\\\[\]])"
_ATOM = rf"(?:{_ESCAPE}|\[\^?{_MEMBER}+\]|\((?:\?(?:<?[=!]|:|<[A-Za-z]\w*>))?(?!\?)|[^\\\[({{*+?^$])"
_COUNT = r"(?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)"
_PORTABLE = re.compile(rf"(?:{_ATOM}{_COUNT}?(?![*+?{{])|(?:[\^$]|\\b)(?![*+?{{]))*")
# Beside a look-around the oracle's engine takes these for classes of all scripts.
_WIDENED = re.compile(r"\(\?<?[=!](?s:.*)\\[dDwWsSb]|\\[dDwWsSb](?s:.*)\(\?<?[=!]")
# Formats that restrict no value: they say how a value is shown or stored.
FREE_FORMATS = ("password", "float", "double")
_REFUSED: Mapping[str, str] = {
    "if": "Write a oneOf of one schema for each case, with a discriminator: most code generators drop if/then",
    "then": "Write a oneOf of one schema for each case, with a discriminator: most code generators drop if/then",
    "else": "Write a oneOf of one schema for each case, with a discriminator: most code generators drop if/then",
    "not": "Say what is allowed instead: enum, pattern, or a oneOf of the right cases",
    "nullable": "Write type: [string, 'null'], as OpenAPI 3.1 does",
    "patternProperties": "Name the properties, or use additionalProperties with a schema",
    "propertyNames": "Name the properties",
    "dependentSchemas": "Use dependentRequired, or a oneOf with a discriminator",
    "prefixItems": "Use an object with named properties",
    "contains": "State what each of the items is",
    "unevaluatedProperties": "Use additionalProperties",
    "unevaluatedItems": "Use items",
    "readOnly": "Write one schema for requests and another for answers",
    "writeOnly": "Write one schema for requests and another for answers",
    "contentEncoding": "Say in a pattern what the text looks like",
    "$defs": "Put the schema under /components/schemas",
    "definitions": "Put the schema under /components/schemas",
    "$schema": "OpenAPI 3.1 has one dialect; leave it out",
    "$id": "Refer to components by #/components/...",
    "$anchor": "Refer to components by #/components/...",
    "$dynamicRef": "Use $ref",
}

_CHECKED = {*RULES, *ANNOTATIONS} - {"discriminator"}

# The objects of OpenAPI: the keys that are read, those that only describe, and why others are refused.
_ROOT = {"openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs"}
_REFUSED_ROOT = {"webhooks": "A webhook is another service's operation; describe it in a contract of its own"}
_ITEM = {"summary", "description", "parameters", *METHODS}
_OPERATION = {
    "operationId",
    "summary",
    "description",
    "tags",
    "externalDocs",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
    "security",
}
_REFUSED_OPERATION = {
    "callbacks": "A callback is a request by the server; describe it in a contract of its own",
    "servers": "Name the servers at the root",
}
_PARAMETER = {
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "schema",
    "example",
    "examples",
    "style",
    "explode",
}
_REFUSED_PARAMETER = {
    "content": "State the parameter's schema",
    "allowReserved": "Leave it out: values are percent-encoded",
    "allowEmptyValue": "Leave it out: an empty text is a value as any other",
}
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_HEADER = {"description", "required", "deprecated", "schema", "example", "examples"}
_BODY = {"description", "required", "content"}
_RESPONSE = {"description", "headers", "content", "links"}
_MEDIA = {"schema", "example", "examples"}
_EXAMPLE = {"summary", "description", "value"}
_OBJECTS = {"info", "components", "schemas", "examples", "headers", "securitySchemes", "requestBody", "content"}
_COMPONENTS = {"schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links"}
EFFECTS = ("reads", "repeatable", "changes", "destroys")
REASONS = ("token", "permission", "place", "state", "throttling")


def problems(document: Document) -> list[Problem]:
    """Return every fault of a document: what it lacks, and what would not be derived everywhere."""
    return sorted(dict.fromkeys(_Check(document).all()))


class _Check:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._schemas: set[str] = set()
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def all(self) -> Iterator[Problem]:
        root = self.document.root
        foreign = list(_foreign(root, ""))
        if foreign:
            yield from foreign
            return
        version = str(root.get("openapi", ""))
        if not re.fullmatch(r"3\.1\.\d+", version):
            told = f"the version is {version}" if version else "the version of OpenAPI is missing"
            yield Problem("/openapi", told, "Write openapi: 3.1.0, the one version that every tool here reads")
            return
        yield from self._keys("", root, _ROOT, _REFUSED_ROOT)
        for name in ("title", "version"):
            if not isinstance(root.get("info", {}), dict) or not isinstance(root.get("info", {}).get(name), str):
                yield Problem(f"/info/{name}", f"the {name} of the contract is missing", f"Write {name}: and a text")
        paths = root.get("paths")
        if not isinstance(paths, dict) or not paths:
            yield Problem("/paths", "the contract has no operation", "Write at least one path with a method")
            return
        names: dict[str, str] = {}
        for path, item in paths.items():
            yield from self._item(join("paths", path), path, item, names)
        if not names:
            yield Problem("/paths", "the contract has no operation", "Write at least one path with a method")
        yield from self._components()

    def _keys(
        self, pointer: str, node: Any, known: Iterable[str], refused: Mapping[str, str] | None = None
    ) -> Iterator[Problem]:
        if not isinstance(node, dict):
            yield Problem(pointer, "this is no object", "Write an object")
            return
        for key in node:
            if key in _OBJECTS and key in known and not isinstance(node[key], dict):
                yield Problem(pointer + join(key), "this is no object", "Write an object")
            if key in {"required", "deprecated"} and not isinstance(node[key], bool):
                yield Problem(pointer + join(key), f"{key} is neither true nor false", "Write one of them")
            if key in known or key.startswith("x-"):
                continue
            advice = (refused or {}).get(key, "Leave it out, or name it x-... if it is a note")
            yield Problem(pointer + join(key), f"{key} is not supported here", advice)

    def _resolved(self, pointer: str) -> tuple[str, Any]:
        return self.document.resolve(pointer)

    def _components(self) -> Iterator[Problem]:
        components = self.document.root.get("components", {})
        yield from self._keys("/components", components, _COMPONENTS, {"callbacks": "", "pathItems": ""})
        for name in _members(components, "schemas"):
            yield from self._schema(join("components", "schemas", name))

    # -- operations ---------------------------------------------------------------------------------------------------

    def _item(self, pointer: str, path: str, item: Any, names: dict[str, str]) -> Iterator[Problem]:
        yield from self._keys(pointer, item, _ITEM, {"$ref": "Write the path here", "servers": "Name them at the root"})
        if not isinstance(item, dict):
            return
        if not re.fullmatch(r"(?:/(?:{[^{}]+}|[A-Za-z0-9._~!$&'()*+,;=:@{}-]*))+", path):
            told = "Begin it with /, leave out any query, and use what a URL can hold as it is (RFC 3986)"
            yield Problem(pointer, f"{path} is no path", told)
        for method in METHODS:
            if method not in item:
                continue
            operation, place = item[method], pointer + join(method)
            yield from self._keys(place, operation, _OPERATION, _REFUSED_OPERATION)
            if not isinstance(operation, dict):
                continue
            name = operation.get("operationId")
            if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][\w.-]*", name):
                yield Problem(place + "/operationId", "the operation has no name", "Write operationId: showThing")
                name = f"{method} {path}"
            elif name in names:
                yield Problem(place + "/operationId", f"{name} is the name of {names[name]} too", "Use another name")
            names[name] = place
            yield from self._effect(place, operation)
            for part in (
                self._parameters(place, pointer, path, item, operation),
                self._body(place, method, operation),
                self._responses(place, operation),
                self._security(place, operation),
            ):
                try:
                    yield from part
                except ContractError as error:
                    yield from error.problems

    def _effect(self, pointer: str, node: Mapping[str, Any]) -> Iterator[Problem]:
        effect = node.get("x-effect")
        if effect is not None and effect not in EFFECTS:
            yield Problem(pointer + "/x-effect", f"{effect} is no effect", f"Write one of {', '.join(EFFECTS)}")

    def _parameters(
        self, place: str, pointer: str, path: str, item: Mapping[str, Any], operation: Mapping[str, Any]
    ) -> Iterator[Problem]:
        seen: set[tuple[str, str]] = set()
        for base, node in ((place, operation), (pointer, item)):
            own: set[tuple[str, str]] = set()
            listed = node.get("parameters", [])
            if not isinstance(listed, list):
                yield Problem(base + "/parameters", "this is no list", "Write a list of parameters")
                continue
            for number in range(len(listed)):
                where, parameter = self._resolved(base + join("parameters", number))
                if not isinstance(parameter, dict):
                    yield Problem(where, "this is no parameter", "Write an object with name, in and schema")
                    continue
                key = (str(parameter.get("in")), str(parameter.get("name")))
                # RFC 9110 section 5.1: header names are case-insensitive.
                key = (key[0], key[1].lower()) if key[0] == "header" else key
                if key in own:
                    yield Problem(
                        where, f"the {key[0]} parameter {parameter.get('name')} stands twice", "Leave one out"
                    )
                own.add(key)
                yield from self._parameter(where, parameter, path)
            seen |= own
        template = re.findall(r"{([^{}]*)}", path)
        for name in template:
            if template.count(name) > 1:
                yield Problem(pointer, f"the path names {name} twice", "Name each parameter once")
            if ("path", name) not in seen:
                yield Problem(place + "/parameters", f"the path parameter {name} is not described", "Add it")
        if re.search(r"[{}]", re.sub(r"{[^{}]+}", "", path)) or re.search(r"}[^/]|[^/]{", path):
            yield Problem(
                pointer, "a path parameter is not a whole segment of the path", "Put each between slashes, as /{name}/"
            )

    def _parameter(self, pointer: str, parameter: Mapping[str, Any], path: str) -> Iterator[Problem]:
        yield from self._keys(pointer, parameter, _PARAMETER, _REFUSED_PARAMETER)
        name, where = parameter.get("name"), parameter.get("in")
        if not isinstance(name, str) or not name:
            yield Problem(pointer + "/name", "the parameter has no name", "Write name: and a text")
            return
        if where not in PLACES:
            yield Problem(pointer + "/in", f"{where} is no place of a parameter", f"Write one of {', '.join(PLACES)}")
            return
        if where == "path" and (parameter.get("required") is not True or f"{{{name}}}" not in path):
            yield Problem(
                pointer, f"the path parameter {name} is not mandatory, or not in {path}", "Write required: true"
            )
        if where == "header" and name.lower() in {"accept", "content-type", "authorization"}:
            yield Problem(
                pointer,
                f"OpenAPI ignores a header parameter named {name}",
                "State it as the body's media type or as a security scheme",
            )
        if where in {"header", "cookie"} and not _is_token(name):
            yield Problem(pointer + "/name", f"{name} cannot be the name of a {where}", "Use letters, digits and -")
        if parameter.get("style", _STYLES[where]) != _STYLES[where]:
            yield Problem(pointer + "/style", "this style is not supported", f"Leave it out: {_STYLES[where]} is usual")
        if parameter.get("explode", where in {"query", "cookie"}) is not (where in {"query", "cookie"}):
            yield Problem(pointer + "/explode", "this is not the usual form of a list", "Leave it out")
        if "schema" not in parameter:
            yield Problem(pointer + "/schema", f"the parameter {name} has no schema", "Write at least its type")
            return
        yield from self._schema(pointer + "/schema")
        yield from self._is_plain(pointer + "/schema", where)
        yield from self._examples(pointer, parameter)

    def _is_plain(self, pointer: str, where: str) -> Iterator[Problem]:
        place, schema = self._resolved(pointer)
        if not isinstance(schema, dict):
            return
        types = types_of(schema)
        if "oneOf" in schema or "anyOf" in schema or "allOf" in schema or types is None:
            yield Problem(place, "a parameter needs one type", "Write type: string, integer, number, boolean or array")
        elif len(types) != 1 or types & {"object", "null"}:
            yield Problem(place + "/type", "a parameter is text, a number, a boolean or a list of these", "Use one")
        elif "array" in types:
            if where not in {"query", "header"}:
                yield Problem(place + "/type", f"a {where} parameter cannot be a list here", "Use a text")
            items, item = self._resolved(place + "/items") if "items" in schema else (place, {})
            inner = types_of(item) if isinstance(item, dict) else None
            if inner is None or len(inner) != 1 or inner & {"object", "array", "null"}:
                yield Problem(items, "the items of a parameter need one plain type", "Write items: {type: string}")

    def _body(self, place: str, method: str, operation: Mapping[str, Any]) -> Iterator[Problem]:
        if "requestBody" not in operation:
            return
        pointer, body = self._resolved(place + "/requestBody")
        if method in SAFE_METHODS or method == "delete":
            yield Problem(pointer, f"a body has no meaning with {method.upper()}", "Use POST, PUT or PATCH")
        yield from self._keys(pointer, body, _BODY)
        if not isinstance(body, dict):
            return
        content = body.get("content")
        if not isinstance(content, dict) or len(content) != 1:
            yield Problem(
                pointer + "/content",
                f"the body has {len(content) if isinstance(content, dict) else 0} media types",
                "Write one: code generators drop the operation, or half of it, where there are two",
            )
            return
        yield from self._media(pointer + "/content", content)

    def _media(self, pointer: str, content: Mapping[str, Any]) -> Iterator[Problem]:
        for name, media in content.items():
            place = pointer + join(name)
            parsed = MediaType.parse(name)
            if parsed is None or not parsed.is_json:
                yield Problem(place, f"the media type {name} is not JSON", "Only JSON bodies are derived: use JSON")
                continue
            yield from self._keys(place, media, _MEDIA, {"encoding": "Leave it out: it is for forms"})
            if not isinstance(media, dict) or "schema" not in media:
                yield Problem(place + "/schema", "the body has no schema", "Write one, or at least type: object")
                continue
            yield from self._schema(place + "/schema")
            yield from self._examples(place, media)

    def _examples(self, pointer: str, node: Mapping[str, Any]) -> Iterator[Problem]:
        for name in _members(node, "examples"):
            place, example = self._resolved(pointer + join("examples", name))
            yield from self._keys(
                place, example, _EXAMPLE, {"externalValue": "Write the value here", "dataValue": "Write value"}
            )
            if not isinstance(example, dict) or "value" not in example:
                yield Problem(place, f"the example {name} has no value", "Write value: and the example")
            else:
                yield from self._fits(place + "/value", example["value"], pointer + "/schema")
                if example.get("x-reason", REASONS[0]) not in REASONS:
                    yield Problem(place + "/x-reason", "this is no reason", f"Write one of {', '.join(REASONS)}")
        if "example" in node:
            yield from self._fits(pointer + "/example", node["example"], pointer + "/schema")

    def _fits(self, pointer: str, value: Any, schema: str) -> Iterator[Problem]:
        """Yield the first rule of a schema that an example breaks; of a faulty schema, only its own faults are told."""
        try:
            validator = self._validators.get(schema) or validator_of(self.document, schema)
            self._validators[schema] = validator
            error = next(validator.iter_errors(value), None)
        except (ContractError, ValueError):
            return
        if error:
            at = self.document.canonical(join(*_meant(error).schema_path))
            yield Problem(pointer, f"the example breaks the rule {at}", "Change the example, or the rule")

    def _responses(self, place: str, operation: Mapping[str, Any]) -> Iterator[Problem]:
        responses = operation.get("responses")
        if not isinstance(responses, dict) or not responses:
            yield Problem(place + "/responses", "the operation has no answer", "Write at least one status")
            return
        if not any(re.fullmatch(r"2\d\d", status) for status in responses):
            yield Problem(place + "/responses", "the operation has no answer of success", "Write at least a 2xx status")
        for status in responses:
            if not status.startswith("x-"):
                yield from self._response(*self._resolved(place + join("responses", status)), status, place)

    def _response(self, pointer: str, response: Any, status: str, operation: str) -> Iterator[Problem]:
        if not re.fullmatch(r"[1-5]\d\d|[1-5]XX|default", status):
            yield Problem(pointer, f"{status} is no status", "Write a number, 4XX or default")
        yield from self._keys(pointer, response, _RESPONSE)
        if not isinstance(response, dict):
            return
        if not isinstance(response.get("description"), str):
            yield Problem(pointer + "/description", "the answer is not described", "Write description: and a text")
        for name in _members(response, "headers"):
            yield from self._header(pointer + join("headers", name), name)
        content = _members(response, "content")
        if len(content) > 1:
            yield Problem(pointer + "/content", "the answer has several media types", "Write one")
        elif content and (re.fullmatch(r"1..|204|205|304", status) or operation.endswith("/head")):
            yield Problem(pointer + "/content", "HTTP lets this answer have no body", "Leave the content out")
        else:
            yield from self._media(pointer + "/content", content)

    def _header(self, pointer: str, name: str) -> Iterator[Problem]:
        if name.lower() == "content-type":
            yield Problem(pointer, "OpenAPI ignores this header here", "State it as the answer's media type")
        where, header = self._resolved(pointer)
        if isinstance(header, dict):
            yield from self._examples(where, header)
        yield from self._keys(where, header, _HEADER, _REFUSED_PARAMETER)
        if isinstance(header, dict) and "schema" in header:
            yield from self._schema(where + "/schema")
            yield from self._is_plain(where + "/schema", "header")
        else:
            yield Problem(where, f"the header {name} has no schema", "Write at least its type")

    def _security(self, place: str, operation: Mapping[str, Any]) -> Iterator[Problem]:
        base = place if "security" in operation else ""
        listed = operation.get("security", self.document.root.get("security", []))
        if listed == []:
            return
        if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict) or len(listed[0]) > 1:
            yield Problem(base + "/security", "there are several ways to authenticate", "State one security scheme")
            return
        for name in listed[0]:
            pointer = join("components", "securitySchemes", name)
            try:
                where, scheme = self._resolved(pointer)
            except ContractError:
                yield Problem(base + "/security", f"the security scheme {name} does not exist", f"Add {pointer}")
                continue
            if not isinstance(scheme, dict):
                yield Problem(where, "this is no object", "Write an apiKey in a header, or http bearer")
                continue
            if scheme.get("type") == "apiKey" and not _is_token(scheme.get("name")):
                yield Problem(where + "/name", "the header of the token has no name", "Write name: and a text")
            kind = (scheme.get("type"), scheme.get("in") or str(scheme.get("scheme", "")).lower())
            if kind not in {("apiKey", "header"), ("http", "bearer")}:
                yield Problem(
                    where, "this security scheme is not supported", "Use an apiKey in a header, or http bearer"
                )

    # -- schemas ------------------------------------------------------------------------------------------------------

    def _schema(
        self, pointer: str, above: tuple[str, ...] = (), around: frozenset[str] = frozenset()
    ) -> Iterator[Problem]:
        """Yield the faults of a schema; `around` are the properties that the schemas it is a part of describe."""
        try:
            siblings = self.document.at(pointer)
            place, schema = self._resolved(pointer)
        except ContractError as error:
            yield from error.problems
            return
        if isinstance(siblings, dict) and "$ref" in siblings:
            for key in siblings:
                if key != "$ref" and key not in ANNOTATIONS and not key.startswith("x-"):
                    yield Problem(pointer + join(key), f"{key} beside $ref is dropped by code generators", "Use allOf")
        if place in above:
            yield Problem(pointer, "the schema holds itself", "Write out as many levels as there can be")
            return
        if place in self._schemas:
            return
        if not isinstance(schema, dict):
            yield Problem(place, "this is no schema", "Write an object, at least with a type")
            return
        yield from self._keywords(place, schema, around)
        yield from self._inner(place, schema, (*above, place), around)
        self._schemas.add(place)

    def _inner(
        self, place: str, schema: Mapping[str, Any], above: tuple[str, ...], around: frozenset[str]
    ) -> Iterator[Problem]:
        properties = schema.get("properties", {})
        for name in properties if isinstance(properties, dict) else ():
            if not name:
                yield Problem(place + join("properties", name), "the property has no name", "Give it one")
            yield from self._schema(place + join("properties", name), above)
        if "items" in schema:
            yield from self._schema(place + "/items", above)
        if isinstance(schema.get("additionalProperties"), dict):
            yield from self._schema(place + "/additionalProperties", above)
        described = around | self._described(place, set())
        for word in ("oneOf", "anyOf", "allOf"):
            members = schema.get(word, [])
            for number in range(len(members) if isinstance(members, list) else 0):
                yield from self._schema(place + join(word, number), above, described)

    def _described(self, pointer: str, seen: set[str]) -> frozenset[str]:
        """Return the properties that a schema and the parts of its `allOf` describe."""
        try:
            place, schema = self._resolved(pointer)
        except ContractError:
            return frozenset()
        if place in seen or not isinstance(schema, dict):
            return frozenset()
        members = schema.get("allOf")
        parts = [place + join("allOf", number) for number in range(len(members) if isinstance(members, list) else 0)]
        own = frozenset(_members(schema, "properties"))
        return own.union(*(self._described(part, {*seen, place}) for part in parts))

    def _keywords(self, place: str, schema: Mapping[str, Any], around: frozenset[str]) -> Iterator[Problem]:
        types = types_of(schema)
        for word in schema:
            if word not in ANNOTATIONS and not word.startswith("x-"):
                yield from _keyword(place + join(word), word, types)
        broken = _ill_formed(place, schema)
        if broken:
            yield broken
            return
        for word in ("default", "example"):
            if word in schema:
                yield from self._fits(place + join(word), schema[word], place)
        for number, example in enumerate(schema.get("examples", ())):
            yield from self._fits(place + join("examples", number), example, place)
        yield from _format(place, schema, types)
        yield from _pattern(place, schema)
        yield from self._discriminator(place, schema)
        yield from self._effect(place, schema)
        for name in schema.get("required", ()):
            if name not in around and not self._may_have(schema, name):
                yield Problem(place + join("required", name), f"{name} is required and not described", "Describe it")

    def _alternatives(self, place: str, members: list[Any], name: str) -> Iterator[Problem]:
        values: dict[str | None, str] = {}
        for number, member in enumerate(members):
            if not isinstance(member, dict) or "$ref" not in member:
                yield Problem(place + join("oneOf", number), "this alternative has no name", "Make it a component")
                continue
            pointer, target = self._resolved(place + join("oneOf", number))
            value = self._selector(target, name)
            if value is not None and value in values:
                yield Problem(pointer, f"the alternative has the {name} of {values[value]}", "Use another const")
            values[value] = pointer
            if not isinstance(value, str) or name not in target.get("required", ()):
                yield Problem(
                    pointer,
                    f"the alternative does not fix {name}",
                    f"Make {name} required, with a const of type string",
                )

    def _selector(self, schema: Any, name: str) -> str | None:
        """Return the text that a schema fixes a property to."""
        node = self.document.resolve_node(_members(schema, "properties").get(name))
        value = node.get("const") if isinstance(node, dict) else None
        return value if isinstance(value, str) else None

    def _may_have(self, schema: Mapping[str, Any], name: str) -> bool:
        if name in schema.get("properties", {}) or isinstance(schema.get("additionalProperties"), dict):
            return True
        members = [self.document.resolve_node(member) for word in ("allOf", "oneOf") for member in schema.get(word, ())]
        return any(isinstance(member, dict) and self._may_have(member, name) for member in members)

    def _discriminator(self, place: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
        if "discriminator" not in schema:
            return
        where, node = place + "/discriminator", schema["discriminator"]
        yield from self._keys(where, node, {"propertyName", "mapping"})
        name = node.get("propertyName") if isinstance(node, dict) else None
        members = schema.get("oneOf")
        if not isinstance(name, str) or not isinstance(members, list):
            yield Problem(where, "a discriminator needs a propertyName and a oneOf", "Write both")
            return
        yield from self._alternatives(place, members, name)
        mapping = node.get("mapping", {})
        if not isinstance(mapping, dict):
            yield Problem(where + "/mapping", "this is no object", "List each of the oneOf by its value")
            return
        listed = {member.get("$ref") for member in members if isinstance(member, dict)}
        for value, reference in mapping.items():
            target = self.document.resolve_node({"$ref": reference}) if reference in listed else None
            if target is None:
                yield Problem(where + join("mapping", value), f"{reference} is no member of the oneOf", "Name a member")
                continue
            if self._selector(target, name) != value:
                yield Problem(where + join("mapping", value), f"{value} is not the const of {reference}", "Use one")
        if mapping and len(mapping) != len(listed):
            yield Problem(where + "/mapping", "the mapping leaves alternatives out", "List each of the oneOf")


def _foreign(node: Any, pointer: str) -> Iterator[Problem]:
    """Yield what YAML can hold and JSON cannot."""
    match node:
        case dict():
            for key, value in node.items():
                if not isinstance(key, str):
                    yield Problem(pointer + join(key), "the key is no text", "Put it in quotes")
                yield from _foreign(value, pointer + join(key))
        case list():
            for number, item in enumerate(node):
                yield from _foreign(item, pointer + join(number))
        case None | bool() | int() | str():
            pass
        case float() if math.isfinite(node):
            pass
        case _:
            yield Problem(pointer, f"{node!r} is no value of JSON", "Write text, a number, true, false or null")


def _is_token(name: Any) -> bool:
    """Whether a name can be that of a header or a cookie (RFC 9110 section 5.6.2)."""
    return isinstance(name, str) and re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) is not None


def _meant(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return the fault in the one alternative whose constants the value has, or the error itself."""
    alternatives = [faults for faults in getattr(error.kind, "context", None) or [] if faults]
    meant = [faults for faults in alternatives if not any(fault.kind.name == "const" for fault in faults)]
    return _meant(meant[0][0]) if len(meant) == 1 else error


def validator_of(
    document: Document, pointer: str, root: Mapping[str, Any] | None = None
) -> jsonschema_rs.Draft202012Validator:
    """Return a validator of the schema at a pointer, whose errors carry pointers into the document.

    `root` stands for the document where a caller has a changed copy.
    """
    schema = {"$ref": uri_of(document.indexed(pointer)), **(root or document.schemas)}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _members(node: Any, name: str) -> Mapping[str, Any]:
    """Return an object of named members, an empty one where there is something else."""
    members = node.get(name) if isinstance(node, dict) else None
    return members if isinstance(members, dict) else {}


def _keyword(where: str, word: str, types: set[str] | None) -> Iterator[Problem]:
    """Say whether a keyword is derived, and of values of its schema's types."""
    if word not in RULES:
        yield Problem(where, f"the keyword {word} is not supported", _REFUSED.get(word, "Leave it out"))
    elif RULES[word] and types is not None and not types & set(RULES[word]):
        told = " or ".join(sorted(types))
        yield Problem(where, f"{word} says nothing of a value of type {told}", f"Leave {word} out")


def _ill_formed(place: str, schema: Mapping[str, Any]) -> Problem | None:
    """Say what is wrong with the values of a schema's keywords."""
    for word in ("exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(schema.get(word), bool):
            return Problem(
                place + join(word), f"{word} is a number in OpenAPI 3.1", f"Write {word}: and the limit itself"
            )
    stated = schema.get("type", "string")
    wrong = [name for name in (stated if isinstance(stated, list) else [stated]) if name not in TYPES]
    if wrong:
        told = "null, which YAML reads as nothing" if wrong[0] is None else str(wrong[0])
        advice = f"Write one of {', '.join(TYPES[1:])} or 'null', in quotes"
        return Problem(place + "/type", f"there is no type {told}", advice)
    try:
        jsonschema_rs.Draft202012Validator({word: _alone(word, schema[word]) for word in schema if word in _CHECKED})
    except jsonschema_rs.ValidationError as error:
        inside = "".join(join(step) for step in error.instance_path)
        return Problem(place + inside, f"the schema is wrong: {error.message}", "Write what JSON Schema has here")
    except ValueError as error:
        return Problem(place, f"the schema is wrong: {error}", "Write what JSON Schema has here")
    return None


def _pattern(place: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    pattern = schema.get("pattern", "")
    if not _PORTABLE.fullmatch(pattern) or _WIDENED.search(pattern):
        what = f"the pattern {pattern} does not mean the same to every engine of regular expressions"
        advice = r"Use classes as [0-9], groups as (?:...), no \d, \w or \s beside a look-around, and \[ in a class"
        yield Problem(place + "/pattern", what, advice)


def _format(place: str, schema: Mapping[str, Any], types: set[str] | None) -> Iterator[Problem]:
    name = schema.get("format")
    known = {*STRING_FORMATS, *NUMBER_FORMATS, *FREE_FORMATS}
    if name is not None and name not in known:
        advice = f"Use a pattern, or one of {', '.join(sorted(known))}"
        yield Problem(place + "/format", f"the format {name} is not checked", advice)
    elif name in {*known} - {*FREE_FORMATS} and types and (name in STRING_FORMATS) is not ("string" in types):
        yield Problem(place + "/format", f"{name} is no format of this type", "Leave it out")


def types_of(schema: Mapping[str, Any]) -> set[str] | None:
    """Return the JSON types that a schema allows by `type`, `const` or `enum`; None where it says nothing of them."""
    if "type" in schema:
        stated = schema["type"]
        return {stated} if isinstance(stated, str) else set(stated) if isinstance(stated, list) else None
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return {type_of(value) for value in values} if isinstance(values, list) else None


def type_of(value: Any) -> str:
    """Return the JSON type of a value; a number without a fraction is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case dict():
            return "object"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case _:
            return "integer" if value == value.to_integral_value() else "number"


def _alone(word: str, value: Any) -> Any:
    """Return the value of a keyword with the schemas in it, which are checked where they stand, left out."""
    if word == "properties" and isinstance(value, dict):
        return dict.fromkeys(value, True)
    if word in {"oneOf", "anyOf", "allOf"} and isinstance(value, list):
        return [True] * len(value)
    return True if word in {"items", "additionalProperties"} else value
