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
    for name, item in node.items() if isinstance(node, dict) else ():
        if name == "schema":
            yield from _inside(item)
        elif name == "schemas":
            for schema in item.values():
                yield from _inside(schema)
        elif name not in _DATA and not name.startswith("x-"):
            yield from _find(list(item.values()) if name in _NAMED and isinstance(item, dict) else item)


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
