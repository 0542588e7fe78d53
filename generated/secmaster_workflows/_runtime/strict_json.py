# Copied from openapi/generator/runtime/_runtime/strict_json.py by `make generate`; do not edit.
"""
JSON, read strictly: UTF-8, one value, no name twice, no NaN.
"""

import json
from typing import Any, NoReturn


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def read_json(source: str | bytes) -> Any:
    """
    The value that the text stands for.

    Raises:
        ValueError: The text is not one JSON value, or is ambiguous.
    """
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        return _DECODER.decode(text)
    except RecursionError:
        pass
    raise ValueError("it is nested too deeply")


def write_json(value: object) -> str:
    """
    Compact JSON that reads back as an equal value.

    Raises:
        ValueError: The value has no such text (NaN, names that are no strings, tuples, cycles, lone surrogates...).
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
        if json.loads(text) == value:
            return text
        reason = "it has parts that JSON would turn into something else"
    except UnicodeEncodeError:
        reason = "it has lone surrogates, which UTF-8 cannot carry"
    except (TypeError, ValueError) as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    raise ValueError(reason)
