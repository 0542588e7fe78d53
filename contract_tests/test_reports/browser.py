"""Headless Chromium over a pair of pipes: no driver, no port, no library. The tests of every page look through it."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = "no Chromium is installed; to run these tests: make browser (as root, on Debian)"  # why a test is skipped
_SECONDS = 30  # after which a browser that does not answer is ended

# What of a page's text has less contrast to what is painted behind it than WCAG 2.2 allows, 1.4.3.
FAINT = """
(() => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = text => { const m = text.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest("script, style")) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${node.tagName} ${node.className} ${ratio.toFixed(2)}`);
  }
  return faint;
})()
"""


class Browser:
    """One page in one browser; it speaks the DevTools protocol, a JSON text and a NUL per message."""

    def __init__(self, profile: Path) -> None:
        """Start the browser with an empty profile, on a wide screen in light colours."""
        inward, outward = os.pipe(), os.pipe()
        # The protocol wants its pipes as file descriptors 3 and 4.
        shell = f'exec "$0" "$@" 3<&{inward[0]} 4>&{outward[1]}'
        flags = [
            "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
            f"--user-data-dir={profile}", "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", shell, str(BROWSER), *flags],
            pass_fds=(inward[0], outward[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(inward[0])
        os.close(outward[1])
        self._write, self._read = os.fdopen(inward[1], "wb", 0), os.fdopen(outward[0], "rb", 0)
        self._buffer = b""
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.look()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._write.close()
        self._read.close()

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = self._read.read(65536)
            if not piece:
                raise RuntimeError("the browser ended")
            self._buffer += piece
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def _call(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        number = next(self._numbers)
        request = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        # A browser that hangs is ended, so that the read fails instead of waiting for ever.
        watchdog = threading.Timer(_SECONDS, self._process.kill)
        watchdog.start()
        try:
            self._write.write(json.dumps(request).encode() + b"\0")
            while (message := self._message()).get("id") != number:
                self.events.append(message)
        finally:
            watchdog.cancel()
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message.get("result", {})

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method of the page."""
        return self._call(method, self._session, **parameters)

    def look(self, *, width: int = 1280, height: int = 900, scheme: str = "light", medium: str = "") -> None:
        """Have a window of some size in CSS pixels, a colour scheme, and a medium ("print")."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=medium, features=features)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def open(self, url: str) -> None:
        """Open a page and wait until it has loaded."""
        self.call("Page.navigate", url=url)
        self.run("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def run(self, expression: str) -> Any:
        """Evaluate JavaScript, promises awaited; return its value."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def do(self, body: str, *arguments: Any) -> Any:
        """Run the body of an async function in the page; return what it returns."""
        return self.run(f"(async function () {{ {body} }})(...{json.dumps(arguments)})")

    def shoot(self, file: Path) -> bytes:
        """Keep a picture of the window, PNG."""
        picture = base64.b64decode(self.call("Page.captureScreenshot")["data"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
        return picture

    def press(self, key: str) -> None:
        """Press a key."""
        codes = {"Tab": 9, "Enter": 13}
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key], **text)

    def complaints(self) -> list[dict[str, Any]]:
        """Return what the page was faulted for so far: by the console, by its own policy, by an error of a script."""
        entries = [event["entry"] for event in self.named("Log.entryAdded")]
        thrown = self.named("Runtime.exceptionThrown")
        return [entry for entry in entries if entry["source"] != "network"] + thrown

    def named(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of the events of one kind so far."""
        return [event["params"] for event in self.events if event.get("method") == method]
