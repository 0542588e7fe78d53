"""
Where the schemas of an OpenAPI document stand.
"""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def schemas(document: Document) -> Iterator[tuple[str, Document]]:
    """
    Yields each schema of a document with its pointer, those inside others included.
    """
    yield from _find(document, "")


def _find(node: Any, pointer: str) -> Iterator[tuple[str, Document]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _find(item, f"{pointer}/{index}")
    elif isinstance(node, dict):
        for name, item in node.items():
            here = f"{pointer}/{name.replace('~', '~0').replace('/', '~1') if isinstance(name, str) else name}"
            if name == "schemas" and pointer == "/components":
                for key, schema in item.items():
                    yield from _inside(schema, f"{here}/{key}")
            elif name == "schema":
                yield from _inside(item, here)
            elif name not in ("example", "examples", "value"):
                yield from _find(item, here)


def _inside(schema: Any, pointer: str) -> Iterator[tuple[str, Document]]:
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for word in ("properties", "patternProperties", "$defs", "dependentSchemas"):
        for name, inner in schema.get(word, {}).items():
            yield from _inside(inner, f"{pointer}/{word}/{name}")
    for word in ("oneOf", "anyOf", "allOf", "prefixItems"):
        for index, inner in enumerate(schema.get(word, ())):
            yield from _inside(inner, f"{pointer}/{word}/{index}")
    for word in ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"):
        yield from _inside(schema.get(word), f"{pointer}/{word}")
