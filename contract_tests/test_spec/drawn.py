"""Bodies drawn near and far from the documented commands; names and selectors come from the YAML."""

from __future__ import annotations

from hypothesis import strategies as st

from openapi_contract import load_spec

SPEC = load_spec()
NAMES = sorted({name for command in SPEC.commands for name in command.properties})
SELECTORS = [command.selector for command in SPEC.commands]
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
near_selectors = st.sampled_from([*SELECTORS, *(name.lower() for name in SELECTORS), "", SPEC.path])
fields = {name: st.text() | st.sampled_from(SELECTORS) | values for name in NAMES}
fields[SPEC.discriminator] = st.sampled_from(SELECTORS) | near_selectors | values
commands = st.builds(
    lambda extra, body: {**extra, **body},
    st.dictionaries(st.text() | st.sampled_from([name.upper() for name in NAMES]), values, max_size=2),
    st.fixed_dictionaries({}, optional=fields),
)
bodies = commands | values
