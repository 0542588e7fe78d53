"""
Where the schemas of an OpenAPI document stand.
"""

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
# Objects whose members have names of the author's own.
_NAMED = ("paths", "parameters", "headers", "responses", "requestBodies", "content")
# What holds data, in which nothing is a schema.
_DATA = ("example", "examples", "links")


def schemas(document: Node) -> list[Node]:
    """
    Returns each schema of a document, those inside others included.
    """
    return list(_find(document))


def _find(node: Any) -> Iterator[Node]:
    if isinstance(node, list):
        for item in node:
            yield from _find(item)
    elif isinstance(node, dict):
        for name, item in node.items():
            if name == "schemas":
                for schema in item.values():
                    yield from _inside(schema)
            elif name == "schema":
                yield from _inside(item)
            elif name in _NAMED and isinstance(item, dict):
                for member in item.values():
                    yield from _find(member)
            elif name not in _DATA and not name.startswith("x-"):
                yield from _find(item)


def _inside(schema: Any) -> Iterator[Node]:
    if not isinstance(schema, dict):
        return
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from _inside(inner)
    for word in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from _inside(inner)
    for word in ("items", "additionalProperties"):
        yield from _inside(schema.get(word))
