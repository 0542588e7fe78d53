"""One YAML or JSON file: read strictly, with JSON pointers and references (RFC 6901, OpenAPI 3.1 section 4.8.23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from openapi_contract.errors import ContractError, Problem

_STRING = "tag:yaml.org,2002:str"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_LOADER):  # type: ignore[misc]  # the faster of two loaders, chosen above
    """Refuses repeated keys, keeps dates as the text they are written as, and takes keys as text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  PyYAML's signature
        """Build a mapping whose keys are text and stand once."""
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
                raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key_node.start_mark)
            key = str(key_node.value)
            if key in mapping:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


def _construct_map(loader: _Loader, node: Any) -> Iterator[dict[str, Any]]:
    mapping: dict[str, Any] = {}
    yield mapping
    mapping.update(loader.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_map)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))


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
        text = " ".join(str(error).split())
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


@dataclass(frozen=True, eq=False)
class Document:
    """A file and what it holds.

    In a pointer a member of `required`, or of a list of named objects such as `parameters`, may be called by its name
    instead of its position.
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

    def error(self, pointer: str, what: str, instead: str = "") -> ContractError:
        """Return the error for one fault."""
        return ContractError(self.file, [Problem(pointer, what, instead)])

    def at(self, pointer: str) -> Any:
        """Return the node that a pointer leads to, through references on the way.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer)[1]

    def canonical(self, pointer: str) -> str:
        """Return the pointer to the same node that passes no reference and calls members by name where they have one.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer)[0]

    def indexed(self, pointer: str) -> str:
        """Return the pointer with positions in place of names, as other tools read it.

        Raises:
            ContractError: It leads nowhere.
        """
        return self._walk(pointer, named=False)[0]

    def _walk(self, pointer: str, *, named: bool = True) -> tuple[str, Any]:
        node: Any = self.root
        place = ""
        for token in split(pointer):
            if isinstance(node, dict) and "$ref" in node and token != "$ref":
                place, node = self.resolve(place)
                place = place if named else self.indexed(place)
            step, node = self._step(pointer, node, token, named=named)
            place += step
        return place, node

    def _step(self, pointer: str, node: Any, token: str, *, named: bool) -> tuple[str, Any]:
        if isinstance(node, dict) and token in node:
            return join(token), node[token]
        if isinstance(node, list):
            names = [self._name(item) for item in node]
            if token in names:
                number = names.index(token)
                return join(token if named else number), node[number]
            if token.isdecimal() and int(token) < len(node):
                return join((named and names[int(token)]) or token), node[int(token)]
        raise self.error(pointer, f"there is nothing here ({token} is missing)", "Name a place that exists")

    def _name(self, item: Any) -> str | None:
        if isinstance(item, str):
            return item
        if isinstance(item, dict) and isinstance(item.get("$ref"), str) and item["$ref"].startswith("#/"):
            target = self.resolve_node(item)
            named = isinstance(target, dict) and "in" in target and isinstance(target.get("name"), str)
            return str(target["name"]) if named else item["$ref"].rsplit("/", 1)[-1]
        return item["name"] if isinstance(item, dict) and "in" in item and isinstance(item.get("name"), str) else None

    def resolve(self, pointer: str) -> tuple[str, Any]:
        """Follow `$ref` from a place until a node without one; return that node and its pointer.

        Raises:
            ContractError: A reference leads nowhere, out of the file, or back to itself.
        """
        node = self._walk(pointer)[1]
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
                pointer, node = self._walk(pointer)
            except ContractError:
                raise self.error(where, f"there is nothing at {reference}", "Name a component that exists") from None
        return pointer, node

    def resolve_node(self, node: Any) -> Any:
        """Follow the `$ref` of a node, if it has one."""
        return self.resolve(unquote(node["$ref"][1:]))[1] if isinstance(node, dict) and "$ref" in node else node
