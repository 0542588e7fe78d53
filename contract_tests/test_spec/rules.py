"""Copies of a document with something more or less in it, and validators that share no code."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import jsonschema_rs

from openapi_contract.document import Document, split

Root = dict[str, Any]


def without(root: Root, pointer: str) -> Root:
    """Return a copy that lacks what a pointer leads to; a member of `required` is called by its name."""
    altered = copy.deepcopy(root)
    node, token = _holder(altered, Document("a copy", altered).indexed(pointer))
    del node[token]
    return altered


def with_value(root: Root, pointer: str, value: Any) -> Root:
    """Return a copy that has a value at a pointer; what it stands in must be there."""
    altered = copy.deepcopy(root)
    node, token = _holder(altered, pointer)
    node[token] = value
    return altered


def _holder(root: Root, pointer: str) -> tuple[Any, Any]:
    *above, last = split(pointer)
    place = "".join(f"/{token.replace('~', '~0').replace('/', '~1')}" for token in above)
    node = Document("a copy", root).at(place)
    return node, int(last) if isinstance(node, list) else last


def _wrapped(root: Root, pointer: str) -> Root:
    return {"$ref": f"#{pointer}", **{name: root[name] for name in ("paths", "components") if name in root}}


def jsonschema_accepts(root: Root, pointer: str) -> Callable[[Any], bool]:
    """Return the verdict of the reference validator, python-jsonschema, on values of the schema at a pointer."""
    accepts: Callable[[Any], bool] = jsonschema.Draft202012Validator(_wrapped(root, pointer)).is_valid
    return accepts


def jsonschema_rs_accepts(root: Root, pointer: str) -> Callable[[Any], bool]:
    """Return the verdict of jsonschema-rs, which the oracle is built on."""
    return jsonschema_rs.Draft202012Validator(_wrapped(root, pointer)).is_valid


VALIDATORS: Mapping[str, Callable[[Root, str], Callable[[Any], bool]]] = {
    "jsonschema": jsonschema_accepts,
    "jsonschema-rs": jsonschema_rs_accepts,
}
