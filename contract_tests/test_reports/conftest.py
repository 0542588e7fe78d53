"""Reports of a faulty server and of a correct one, made once, and ways to make more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from secmaster_contract.commands.verify import verify
from test_reports.browser import BROWSER, NO_BROWSER, Browser
from test_reports.servers import Faulty, Recording
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving

# How the page is looked at.
SCREENS: dict[str, dict[str, Any]] = {
    "wide-light": {"width": 1280, "height": 1600, "scheme": "light"},
    "wide-dark": {"width": 1280, "height": 1600, "scheme": "dark"},
    "phone-light": {"width": 390, "height": 844, "scheme": "light"},
    "phone-dark": {"width": 390, "height": 844, "scheme": "dark"},
    "print": {"width": 794, "height": 1123, "medium": "print"},
}
Run = Callable[..., Result]


@dataclass(frozen=True)
class Made:
    """A directory of reports, the server that they are about, and what was said meanwhile."""

    directory: Path
    server: Recording
    url: str
    out: str

    def read(self, name: str) -> str:
        """Return a file's text."""
        return (self.directory / name).read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        """The URL of the page."""
        return (self.directory / "index.html").as_uri()

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict file."""
        value: dict[str, Any] = json.loads(self.read("verdict.json"))
        return value

    @property
    def failures(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Each failure with its clause."""
        return [(clause, failure) for clause in self.verdict["clauses"] for failure in clause["failures"]]


def environment() -> dict[str, str | None]:
    """The variables of a run: none of the outer ones that steer it."""
    steering = ("SECMASTER_", "GITHUB_")
    return {**{name: None for name in os.environ if name.startswith(steering)}, "SECMASTER_TOKEN": TOKEN}


def invoke(*arguments: str, **more: str) -> Result:
    """Run `verify`."""
    return CliRunner().invoke(verify, arguments, env={**environment(), **more}, catch_exceptions=False)


def run_command(command: click.Command, *arguments: str | Path) -> Result:
    """Run a command that needs no server."""
    return CliRunner().invoke(command, [str(one) for one in arguments], env={"COLUMNS": "200"}, catch_exceptions=False)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Every report of a server with a handful of faults, which still serves."""
    directory, server = tmp_path_factory.mktemp("faulty"), Faulty()
    with serving(server) as url:
        result = invoke(url, "--report", str(directory))
        yield Made(directory, server, url, result.stdout)


@pytest.fixture(scope="session")
def correct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Every report of a correct server, which still serves."""
    directory, server = tmp_path_factory.mktemp("correct"), Recording()
    with serving(server) as url:
        result = invoke(url, "--report", str(directory))
        yield Made(directory, server, url, result.stdout)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; the tests that use it are handed to one worker, so that there is one."""
    if BROWSER is None:
        pytest.skip(NO_BROWSER)
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, faulty: Made) -> Browser:
    """The page of the faulty server, on a wide screen."""
    browser.look(**SCREENS["wide-light"])
    browser.open(faulty.page)
    return browser
