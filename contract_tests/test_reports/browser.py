"""A headless Chromium, driven over WebDriver (W3C) with the standard library."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_SECONDS = 30
SCREENS: dict[str, dict[str, Any]] = {
    "wide-light": {"width": 1280, "height": 1600, "scheme": "light"},
    "wide-dark": {"width": 1280, "height": 1600, "scheme": "dark"},
    "phone-light": {"width": 390, "height": 844, "scheme": "light"},
    "phone-dark": {"width": 390, "height": 844, "scheme": "dark"},
    "print": {"width": 794, "height": 1123, "medium": "print"},
}


@dataclass(frozen=True)
class Browser:
    """One session."""

    url: str

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Send a command of WebDriver and return its value."""
        data = None if method == "GET" else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {"Content-Type": "application/json"}, method=method)  # noqa: S310  loopback
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  loopback
            return json.load(answer)["value"]

    def open(self, page: Path) -> None:
        """Open a file."""
        self.ask("POST", "/url", url=page.resolve().as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self.ask("POST", "/execute/sync", script=script, args=list(arguments))

    def devtools(self, command: str, **parameters: Any) -> Any:
        """Send a command of the DevTools protocol."""
        return self.ask("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    def look(self, *, width: int, height: int, scheme: str = "light", medium: str = "") -> None:
        """Have a window of some size, a colour scheme, and a medium ("print")."""
        mobile = width < 600
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools("Emulation.setEmulatedMedia", media=medium, features=features)

    def shoot(self, file: Path) -> bytes:
        """Keep a picture of the window."""
        picture = base64.b64decode(self.ask("GET", "/screenshot"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
        return picture


@contextmanager
def browsing(profile: Path) -> Generator[Browser]:
    """Run a browser; skip, and say why, where there is none."""
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium") or shutil.which("google-chrome")
    if not (driver and chromium):
        pytest.skip("Chromium and its driver (Debian: chromium chromium-driver) are not installed")
    process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        line = next(line for line in process.stdout if "on port" in line and "started successfully" in line)
        port = line.rpartition("port ")[2].strip().rstrip(".")
        options = {"binary": chromium, "args": [*_FLAGS, f"--user-data-dir={profile}"]}
        always = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        base = f"http://127.0.0.1:{port}"
        session = Browser(base).ask("POST", "/session", capabilities={"alwaysMatch": always})
        browser = Browser(f"{base}/session/{session['sessionId']}")
        try:
            yield browser
        finally:
            browser.ask("DELETE", "")
    finally:
        process.terminate()
        process.wait(_SECONDS)
        process.stdout.close()
