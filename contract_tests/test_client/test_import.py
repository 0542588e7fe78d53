"""Importing the package is cheap, and loads nothing before it is used."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import secmaster_workflows
from secmaster_workflows import ActionInstanceTerminateCommand
from test_client.conftest import IDENTITY
from test_client.raw_server import RawServer, answer, in_turn, says

LOADED = "import sys, secmaster_workflows{then}; print(*sorted(sys.modules))"


def modules_after(then: str = "") -> set[str]:
    """The modules that are loaded after importing the package and doing something."""
    command = [sys.executable, "-S", "-c", "import sys; sys.path[:0] = {path!r}; " + LOADED]
    command[-1] = command[-1].replace("{path!r}", repr(sys.path)).replace("{then}", then)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_loads_nothing_else() -> None:
    """The package alone is loaded: neither attrs, nor HTTP, nor asyncio."""
    loaded = modules_after()

    own = {name for name in loaded if name.startswith("secmaster_workflows")}
    assert own == {"secmaster_workflows"}
    assert not loaded & {"attrs", "attr", "httpx2", "httpcore2", "h11", "ssl", "asyncio", "json", "opentelemetry"}


def test_building_a_client_loads_no_http() -> None:
    """HTTP is loaded with the first call."""
    loaded = modules_after("; secmaster_workflows.WorkflowsClient(region='cn-north-4', token='t')")

    assert not loaded & {"httpx2", "httpcore2", "h11", "anyio", "ssl", "opentelemetry"}


@pytest.mark.parametrize("name", secmaster_workflows.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    """Each name of `__all__` is found; each class and function explains itself and its public members."""
    value = getattr(secmaster_workflows, name)

    if inspect.isclass(value) or inspect.isfunction(value):
        assert inspect.getdoc(value)
    if inspect.isclass(value):
        members = inspect.getmembers(value, lambda member: inspect.isfunction(member) or isinstance(member, property))
        undocumented = [member for member, found in members if member[0] != "_" and not inspect.getdoc(found)]
        assert not undocumented


def test_the_guide_of_the_package_runs(
    serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code that `help(secmaster_workflows)` shows does what it says; the second call is refused."""
    server = serve(in_turn(says(answer()), says(answer({"code": "C.1", "message": "no"}, "400 No"))))
    for name, value in {"endpoint": server.url, **IDENTITY}.items():
        monkeypatch.setenv(f"SECMASTER_{name.upper()}", value)
    names: dict[str, Any] = {"instance_id": "i"}

    for block in re.findall(r"^```python\n(.*?)^```$", secmaster_workflows.__doc__ or "", re.MULTILINE | re.DOTALL):
        exec(block, names)  # noqa: S102 - of this package

    assert names["result"].success is True
    assert capsys.readouterr().out.splitlines() == [
        "400 C.1 no None",
        f"refused: {[ActionInstanceTerminateCommand()]}",
    ]


def test_the_methods_of_a_client_name_their_place_in_the_source_page() -> None:
    """A reader finds the table and the field."""
    for method in ("terminate", "retry", "debug"):
        text = inspect.getdoc(getattr(secmaster_workflows.WorkflowsClient, method)) or ""
        text = " ".join(text.split())
        assert "Table 1, instance_id" in text
        assert "Table 3, task_id" in text
        assert "Table 3, input_dataobject" in text


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name is told as usual."""
    with pytest.raises(AttributeError, match="has no attribute 'WorkflowClient'"):
        importlib.import_module("secmaster_workflows").__getattr__("WorkflowClient")
    assert "WorkflowsClient" in dir(secmaster_workflows)
