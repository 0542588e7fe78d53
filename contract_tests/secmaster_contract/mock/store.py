"""
Keeps instances and the commands they took, in SQLite.

A command is answered after its transaction is in the write-ahead log, so it survives the death of the process. The
transactions are immediate: two commands to one instance are judged one after the other, whatever process they reach.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

from secmaster_contract.mock.errors import StateError
from secmaster_contract.mock.instances import Instance, Status, Trigger

Key = tuple[str, str, str]
_VERSION = 1
_SCHEMA = """
CREATE TABLE instances (
    project_id TEXT NOT NULL, workspace_id TEXT NOT NULL, instance_id TEXT NOT NULL,
    status TEXT NOT NULL, trigger_type TEXT NOT NULL, retry_count INTEGER NOT NULL,
    lenient INTEGER NOT NULL, settles_at REAL,
    PRIMARY KEY (project_id, workspace_id, instance_id)
) WITHOUT ROWID;
CREATE TABLE commands (
    number INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL, workspace_id TEXT NOT NULL, instance_id TEXT NOT NULL,
    command TEXT NOT NULL, body BLOB NOT NULL, request_id TEXT NOT NULL, taken_at REAL NOT NULL
);
CREATE INDEX commands_by_instance ON commands (project_id, workspace_id, instance_id);
"""
_COLUMNS = "project_id, workspace_id, instance_id, status, trigger_type, retry_count, lenient, settles_at"
_WHERE = "project_id = ? AND workspace_id = ? AND instance_id = ?"


class NoSuchInstanceError(Exception):
    """No instance has this key."""


class Store:
    """The instances of one server."""

    def __init__(
        self,
        path: Path | str,
        seed: Iterable[Instance] = (),
        *,
        settle_seconds: float = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Open or create the file; a new one is filled with the seed.

        Raises:
            StateError: The file cannot be opened, or is no state of this server.
        """
        self._seed = tuple(seed)
        self._settle_seconds = settle_seconds
        self._clock = clock
        try:
            if path != ":memory:":
                # Readable by its owner alone, as are the files that SQLite puts beside it: it holds what users send.
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._open()
        except OSError as error:
            raise StateError(f"cannot keep the state in {path}: {error.strerror}") from None
        except sqlite3.Error as error:
            raise StateError(f"cannot keep the state in {path}: {error}") from None

    def _open(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        # Enough against the death of the process; only a power cut could lose the last commands.
        self._database.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if version == 0 and not tables:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {_VERSION}")
                self._put(self._seed)
            elif version != _VERSION:
                raise sqlite3.DatabaseError("the file belongs to another program or version; name another file")

    @contextlib.contextmanager
    def _transaction(self) -> Generator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _put(self, instances: Iterable[Instance]) -> None:
        self._database.executemany(
            f"INSERT OR REPLACE INTO instances ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  constants
            [
                (*one.key, one.status, one.trigger_type, one.retry_count, one.lenient, one.settles_at)
                for one in instances
            ],
        )

    def put(self, instances: Iterable[Instance]) -> None:
        """Create instances, or replace those of the same key."""
        with self._transaction():
            self._put(instances)

    def reset(self) -> None:
        """Forget everything but the seed."""
        with self._transaction():
            self._database.execute("DELETE FROM commands")
            self._database.execute("DELETE FROM instances")
            self._put(self._seed)

    def get(self, key: Key) -> Instance:
        """
        Return an instance as it stands now.

        Raises:
            NoSuchInstanceError: There is none.
        """
        row = self._database.execute(f"SELECT {_COLUMNS} FROM instances WHERE {_WHERE}", key).fetchone()  # noqa: S608  constants
        if row is None:
            raise NoSuchInstanceError
        return _instance(row).settled(self._clock())

    def all(self) -> list[Instance]:
        """Return every instance as it stands now, in the order of their keys."""
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM instances ORDER BY 1, 2, 3")  # noqa: S608  constants
        now = self._clock()
        return [_instance(row).settled(now) for row in rows]

    def carry_out(self, key: Key, operation: str, command: str, body: bytes, request_id: str) -> Instance:
        """
        Send a command to an instance and keep it; return the instance as it is left.

        Raises:
            NoSuchInstanceError: There is none.
            WrongStatusError: The command is illegal now. Nothing has changed.
        """
        with self._transaction():
            now = self._clock()
            instance = self.get(key).after(operation, command, now, self._settle_seconds)
            self._put([instance])
            self._database.execute(
                "INSERT INTO commands (project_id, workspace_id, instance_id, command, body, request_id, taken_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, command, body, request_id, now),
            )
        return instance

    def commands(self, key: Key) -> list[dict[str, Any]]:
        """Return the commands that an instance took, oldest first."""
        rows = self._database.execute(
            f"SELECT command, body, request_id, taken_at FROM commands WHERE {_WHERE} ORDER BY number",  # noqa: S608  constants
            key,
        )
        return [
            {"command": command, "body": body.decode(), "request_id": request_id, "taken_at": taken_at}
            for command, body, request_id, taken_at in rows
        ]

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _instance(row: tuple[Any, ...]) -> Instance:
    project_id, workspace_id, instance_id, status, trigger, retry_count, lenient, settles_at = row
    return Instance(
        project_id=project_id,
        workspace_id=workspace_id,
        instance_id=instance_id,
        status=Status(status),
        trigger_type=Trigger(trigger),
        retry_count=retry_count,
        lenient=bool(lenient),
        settles_at=settles_at,
    )
