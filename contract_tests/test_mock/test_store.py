"""The file behind the instances."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from secmaster_contract.mock.instances import Instance
from secmaster_contract.mock.store import Store


def test_what_fails_half_way_leaves_nothing() -> None:
    """
    Of several instances, one of which cannot be kept, none is.
    """
    unfit: Any = object()
    store = Store(":memory:")
    with pytest.raises(sqlite3.Error):
        store.put([Instance(project_id="p", workspace_id="w", instance_id=name) for name in ("i", unfit)])

    assert store.all() == []
