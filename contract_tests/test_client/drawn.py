"""Inputs drawn for the client."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

from secmaster_workflows import COMMANDS, WorkflowInstanceCommand
from test_client.generating import OPERATION

_BODY = OPERATION.body
assert _BODY is not None
DISCRIMINATOR = str(_BODY.discriminator)
SELECTORS = list(COMMANDS)
FIELDS = sorted({name for command in OPERATION.commands for name in command.fields})

texts = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
json_texts = json_values.map(json.dumps)
# Whatever a caller may hand over for a string.
not_strings = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.lists(texts)
    | st.dictionaries(texts, texts)
    | st.sampled_from([object(), str, Ellipsis, {"a"}, b"x", bytearray(b"x"), ("x",)])
)


@st.composite
def commands(draw: st.DrawFn) -> WorkflowInstanceCommand:
    """A command of any class, with any of its optional fields."""
    selector = draw(st.sampled_from(SELECTORS), label="command")
    schema = OPERATION.command(selector)
    assert schema is not None
    names = [name for name in schema.fields if name != DISCRIMINATOR]
    given = {
        name: draw(texts | json_texts, label=name) for name in names if draw(st.booleans()) or name in schema.required
    }
    build: Any = COMMANDS[selector]
    command: WorkflowInstanceCommand = build(**given)
    return command


# Objects near a command: its names, its values, and what is none.
bodies = st.dictionaries(
    st.sampled_from([*FIELDS, "inputdataobject", "Task_id"]) | texts,
    st.sampled_from([*SELECTORS, "ActionInstanceSkipCommand", ""]) | texts | json_values,
    max_size=5,
) | st.builds(
    lambda selector, rest: {DISCRIMINATOR: selector, **rest},
    st.sampled_from(SELECTORS),
    st.dictionaries(st.sampled_from(FIELDS), texts | json_values, max_size=3),
)

segments = texts.filter(lambda text: text not in {"", ".", ".."} and not re.search(r"[/\\]", text))
tokens = st.from_regex(r"[!-~]([ -~]{0,60}[!-~])?", fullmatch=True)
