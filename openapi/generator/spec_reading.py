"""
How the generator's own code reads the spec.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class UnsupportedSpecError(Exception):
    """
    The spec says something that the templates would lose.
    """


def resolve(spec: Mapping[str, Any], node: Any) -> Any:
    """
    The node that a local reference leads to.
    """
    seen = set[str]()
    while isinstance(node, dict) and "$ref" in node:
        reference: str = node["$ref"]
        if reference in seen or not reference.startswith("#/"):
            raise UnsupportedSpecError(f"the reference {reference} leads nowhere in this file")
        seen.add(reference)
        node = spec
        for part in reference[2:].split("/"):
            try:
                node = node[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError):
                raise UnsupportedSpecError(f"the reference {reference} leads nowhere in this file") from None
    return node


def operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """
    Method, path and operation, of all.
    """
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def snake_case(name: str) -> str:
    """
    CamelCase as snake_case.
    """
    return "_".join(words(name)).lower()


def words(name: str) -> list[str]:
    """
    The words of a CamelCase name.
    """
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)
