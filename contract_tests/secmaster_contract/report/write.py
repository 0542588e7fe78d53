"""Where a run's files go: found writable before the run, written after it, the token looked for once more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from secmaster_contract.judge.report import Report
from secmaster_contract.report import reproduce
from secmaster_contract.report.cassette import as_cassette
from secmaster_contract.report.document import document, traffic
from secmaster_contract.report.failure import body_file, is_long
from secmaster_contract.report.har import as_har
from secmaster_contract.report.html import as_html
from secmaster_contract.report.junit import as_junit
from secmaster_contract.report.sarif import as_sarif
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.target import Target

# The files of --report DIR, each by the option that names it alone.
NAMES = {
    "json_file": "verdict.json",
    "junit_file": "junit.xml",
    "html_file": "index.html",
    "sarif_file": "verdict.sarif",
    "har_file": "traffic.har",
    "cassette_file": "cassette.json",
    "journal_file": "journal.jsonl",
}
_TRAFFIC = ("har_file", "cassette_file", "journal_file")


def as_json(value: Any, *, indent: int | None = 2) -> str:
    """Return a JSON value as text that any reader of UTF-8 takes."""
    return json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"


@dataclass(frozen=True)
class Outputs:
    """The files of one run by option, and the directory of them all, if there is one."""

    redactor: Redactor
    directory: Path | None = None
    files: dict[str, Path] = field(default_factory=dict)

    @classmethod
    def of(cls, values: dict[str, Any], target: Target, *, live: bool) -> Outputs:
        """Take the files that the options name; a live run keeps its journal in any case.

        Raises:
            click.UsageError: One cannot be written.
        """
        directory: Path | None = values["report"]
        files = {option: directory / name for option, name in NAMES.items()} if directory else {}
        files |= {option: values[option] for option in NAMES if values[option] is not None}
        if live and "journal_file" not in files:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            host = re.sub(r"[^A-Za-z0-9.-]", "-", target.origin.netloc)
            files["journal_file"] = Path("reports") / f"{host}-{stamp}.jsonl"
            _make(files["journal_file"].parent)
        if directory:
            _make(directory)
        for path in files.values():
            try_writing(path)
        return cls(Redactor(target.token), directory, files)

    @property
    def journal(self) -> Path | None:
        """The file of the journal."""
        return self.files.get("journal_file")

    @property
    def needs_traffic(self) -> bool:
        """Whether any file holds the traffic."""
        return any(option in self.files for option in _TRAFFIC)

    def write(self, report: Report) -> dict[str, Any]:
        """Write all files; return the verdict file as a document.

        Raises:
            click.UsageError: One cannot be written any more.
        """
        verdict = document(report)
        for path, text in self._texts(verdict, report):
            self._write(path, text())
        if self.directory:
            _clear(self.directory)
            self._write_failures(verdict, report, self.directory)
        return verdict

    @property
    def told(self) -> list[str]:
        """Sentences that say where to look now."""
        places = {"html_file": "The page is", "journal_file": "The traffic is in"}
        return [f"{where} {self.files[option]}" for option, where in places.items() if option in self.files]

    def _texts(self, verdict: dict[str, Any], report: Report) -> Iterator[tuple[Path, Callable[[], str]]]:
        makers: dict[str, Callable[[], str]] = {
            "json_file": lambda: as_json(verdict),
            "junit_file": lambda: as_junit(verdict),
            "html_file": lambda: as_html(verdict),
            "sarif_file": lambda: as_json(as_sarif(verdict, Path(report.ledger.contract.document.file))),
            "har_file": lambda: as_json(as_har(verdict, traffic(report)), indent=1),
            "cassette_file": lambda: as_json(as_cassette(verdict, traffic(report)), indent=1),
        }
        for option, path in self.files.items():
            if option in makers:
                yield path, makers[option]

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"cannot write {path}: {error.strerror}") from None

    def _write_failures(self, verdict: dict[str, Any], report: Report, directory: Path) -> None:
        files = dict(reproduce.files(verdict))
        if files:
            stated = (Path(report.ledger.contract.document.file), report.ledger.file)
            files |= {
                name: path.read_text(encoding="utf-8")
                for name, path in zip(reproduce.CONTRACT, stated, strict=True)
                if path is not None and path.is_file()
            }
        for name, text in files.items():
            self._write(directory / "reproduce" / name, text)
        for result in report.results:
            for seen in result.failures:
                body = seen.exchange.request.body if seen.exchange else b""
                if is_long(body) and "body_withheld" not in self.redactor.body(body):
                    path = directory / body_file(body)
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(body)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise click.UsageError(f"cannot write to {directory}: it is no directory") from None
    except OSError as error:
        raise click.UsageError(f"cannot write to {directory}: {error.strerror}") from None


def _clear(directory: Path) -> None:
    """Take away what an earlier run left of failures that may be gone by now."""
    for path in (directory / "reproduce").glob("test_*.py"):
        if reproduce.is_written_here(path.read_text(encoding="utf-8", errors="replace")):
            path.unlink()
    for name in reproduce.CONTRACT:
        (directory / "reproduce" / name).unlink(missing_ok=True)
    for path in (directory / "bodies").glob("*.bin"):
        if directory / body_file(path.read_bytes()) == path:
            path.unlink()


def try_writing(path: Path) -> None:
    """Find out before the run whether a file can be written, and leave no trace."""
    new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from None
