"""One YAML or JSON file: read strictly, with JSON pointers and references (RFC 6901, OpenAPI 3.1 section 4.8.23)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import yaml

from openapi_contract.errors import ContractError, Problem

_STRING = "tag:yaml.org,2002:str"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_LOADER):  # type: ignore[misc]  # the faster of two loaders, chosen above
    """Reads the core schema of YAML 1.2, as OpenAPI 3.1 asks: `no`, `12:30` and dates are text; keys are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's name; those of YAML 1.1 are not inherited

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  PyYAML's signature
        """Build a mapping whose keys are text and stand once."""
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key_node.start_mark)
            key = str(key_node.value)
            if key == "<<" and key_node.style not in {"'", '"'}:
                told = "the merge key << is no part of YAML 1.2; write the keys out, or use $ref"
                raise yaml.constructor.ConstructorError(None, None, told, key_node.start_mark)
            if key in mapping:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


def _construct_map(loader: _Loader, node: Any) -> Iterator[dict[str, Any]]:
    mapping: dict[str, Any] = {}
    yield mapping
    mapping.update(loader.construct_mapping(node))


def _construct_int(loader: _Loader, node: Any) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_map)
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
for _name, _form, _first in (
    ("null", r"null|Null|NULL|~|", "nN~\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_form})$"), ["" if first == "\0" else first for first in _first]
    )


def read_yaml(path: Path) -> Any:
    """Return what a YAML or JSON file holds.

    Raises:
        ContractError: The file cannot be read, is not YAML, or repeats a key.
    """
    try:
        return yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506  it extends a safe loader
    except OSError as error:
        raise ContractError(str(path), [Problem("", f"the file cannot be read: {error.strerror}")]) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        text = " ".join(str(error).replace('in "<byte string>", ', "at ").split())
        raise ContractError(str(path), [Problem("", f"the file is not YAML: {text}")]) from None


def escape(token: str) -> str:
    """Escape one reference token of a JSON pointer (RFC 6901 section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def join(*tokens: str | int) -> str:
    """Build a JSON pointer from its unescaped tokens."""
    return "".join(f"/{escape(str(token))}" for token in tokens)


def split(pointer: str) -> list[str]:
    """Return the unescaped tokens of a JSON pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def uri_of(pointer: str) -> str:
    """Return a pointer as the reference to it, in ASCII (RFC 6901 section 6)."""
    return "#" + quote(pointer, safe="/~!$&'()*+,;=:@")


@dataclass(frozen=True, eq=False)
class Document:
    """A file and what it holds.

    In a pointer a member of `required`, or of a list of named objects such as `parameters`, may be called by its name
    instead of its position, where no other member of the list has that name.
    """

    file: str
    root: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> Document:
        """Read a file whose root is an object.

        Raises:
            ContractError: It cannot be read, is not YAML, or holds something else.
        """
        root = read_yaml(path)
        if not isinstance(root, dict):
            raise ContractError(str(path), [Problem("", "the file holds no object", "Write an OpenAPI 3.1 document")])
        return cls(str(path), root)

    @cached_property
    def schemas(self) -> Mapping[str, Any]:
        """The parts that hold schemas, with references as a validator reads them."""
        return {name: self._encoded(self.root[name]) for name in ("paths", "components") if name in self.root}

    def _encoded(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._encoded(item) for item in node]
        if not isinstance(node, dict):
            return node
        copy = {name: self._encoded(item) for name, item in node.items()}
        if isinstance(copy.get("$ref"), str) and copy["$ref"].startswith("#/"):
            with suppress(ContractError):  # told where it is followed, unless it is data of an example
                copy["$ref"] = uri_of(self.indexed(unquote(copy["$ref"][1:])))
        return copy

    def error(self, pointer: str, what: str, instead: str = "") -> ContractError:
        """Return the error for one fault."""
        return ContractError(self.file, [Problem(pointer, what, instead)])

    def at(self, pointer: str) -> Any:
        """Return the node that a pointer leads to, through references on the way.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer)[2]

    def canonical(self, pointer: str) -> str:
        """Return the pointer to the same node that passes no reference and calls members by name where they have one.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer)[0]

    def indexed(self, pointer: str) -> str:
        """Return the pointer to the same node that passes no reference and has members by position, as RFC 6901 does.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer)[1]

    def _walk(self, pointer: str) -> tuple[str, str, Any]:
        """Return the pointer with names, the pointer with positions, and the node."""
        node: Any = self.root
        place = plain = ""
        for token in split(pointer):
            if isinstance(node, dict) and isinstance(node.get("$ref"), str) and token != "$ref":  # noqa: S105  of a pointer
                place, node = self.resolve(place)
                plain = self._walk(place)[1]
            named, position, node = self._step(pointer, node, token)
            place, plain = place + join(named), plain + join(position)
        return place, plain, node

    def _step(self, pointer: str, node: Any, token: str) -> tuple[str, str, Any]:
        if isinstance(node, dict) and token in node:
            return token, token, node[token]
        if isinstance(node, list):
            names = [self._name(item) for item in node]
            if names.count(token) == 1:
                position = names.index(token)
                return token, str(position), node[position]
            if token.isdecimal() and int(token) < len(node):
                name = names[int(token)]
                return name if name is not None and names.count(name) == 1 else token, token, node[int(token)]
        raise self.error(pointer, f"there is nothing here ({token} is missing)", "Name a place that exists")

    def _name(self, item: Any) -> str | None:
        if isinstance(item, str):
            return item
        if isinstance(item, dict) and isinstance(item.get("$ref"), str) and item["$ref"].startswith("#/"):
            try:
                target = self.resolve_node(item)
            except ContractError:  # told where the reference is followed
                return None
            return self._own_name(target) or item["$ref"].rsplit("/", 1)[-1]
        return self._own_name(item)

    @staticmethod
    def _own_name(item: Any) -> str | None:
        """Return the name of a parameter; one of digits alone would be taken for a position."""
        name = item.get("name") if isinstance(item, dict) and "in" in item else None
        return name if isinstance(name, str) and not name.isdecimal() else None

    def resolve(self, pointer: str) -> tuple[str, Any]:
        """Follow `$ref` from a place until a node without one; return that node and its pointer.

        Raises:
            ContractError: A reference leads nowhere, out of the file, or back to itself.
        """
        node = self._walk(pointer)[2]
        seen = {pointer}
        while isinstance(node, dict) and "$ref" in node:
            reference = node["$ref"]
            where = join(*split(pointer), "$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                raise self.error(where, "the reference leads out of this file", "Keep everything in one file")
            pointer = unquote(reference[1:])
            if pointer in seen:
                raise self.error(where, "the reference leads back to itself", "Name another component")
            seen.add(pointer)
            try:
                pointer, _, node = self._walk(pointer)
            except ContractError:
                raise self.error(where, f"there is nothing at {reference}", "Name a component that exists") from None
        return pointer, node

    def resolve_node(self, node: Any) -> Any:
        """Follow the `$ref` of a node, if it has one."""
        return self.resolve(unquote(node["$ref"][1:]))[1] if isinstance(node, dict) and "$ref" in node else node
