"""The file behind the instances."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.instances import Instance
from secmaster_contract.mock.settings import MockSettings
from secmaster_contract.mock.store import Store
from test_mock.wire import OPERATION, call


def test_what_fails_half_way_leaves_nothing() -> None:
    """
    Of several instances, one of which cannot be kept, none is.
    """
    unfit: Any = object()
    store = Store(":memory:")
    with pytest.raises(sqlite3.Error):
        store.put([Instance(project_id="p", workspace_id="w", instance_id=name) for name in ("i", unfit)])

    assert store.all() == []


def test_the_files_of_a_state_are_private(tmp_path: Path) -> None:
    """
    The commands that users sent are readable by the owner of the file alone.
    """
    store = Store(tmp_path / "state.db", [Instance(project_id="p", workspace_id="w", instance_id="i")])
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    store.close()

    assert modes == {"state.db": 0, "state.db-shm": 0, "state.db-wal": 0}


@pytest.mark.parametrize("method", [OPERATION.method, "GET"])
def test_a_state_that_fails_is_a_500_of_the_service(method: str) -> None:
    """
    Where instances cannot be read or written any more, no success is claimed.
    """
    app = create_app(MockSettings(state=":memory:"))
    app.close()
    reply = call(app, method=method)

    assert (reply.status, reply.json()["code"]) == (500, "SecMaster.20039999")
