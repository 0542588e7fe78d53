"""The token comes in by quiet ways and goes out by none."""

from __future__ import annotations

import base64
import gzip
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from test_live.conftest import Verify
from test_live.searching import files_that_hold, holds
from test_live.servers import Watched
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import Answer, Request, serving

Spelling = Callable[[str], bytes]
SPELLINGS: dict[str, Spelling] = {
    "plain": str.encode,
    "in JSON": lambda token: json.dumps({"code": "x", "message": f"bad {token}"}).encode(),
    "escaped": lambda token: ('{"message":"' + "".join(f"\\u{ord(c):04x}" for c in token) + '"}').encode(),
    "percent-encoded": lambda token: ("x=" + "".join(f"%{byte:02X}" for byte in token.encode())).encode(),
    "quoted": lambda token: quote(token, safe="").encode(),
    "in HTML": lambda token: "".join(f"&#{ord(c)};" for c in token).encode(),
    "base64": lambda token: base64.b64encode(token.encode()),
    "base64, shifted": lambda token: base64.b64encode(b"x" + token.encode() + b"y"),
    "base64url, shifted": lambda token: base64.urlsafe_b64encode(b"xy" + token.encode()),
    "hex": lambda token: token.encode().hex().encode(),
    "gzip": lambda token: gzip.compress(token.encode()),
    "beside bytes": lambda token: b"\xff\xfe" + token.encode(),
    "reversed": lambda token: token[::-1].encode(),
    "in capitals": lambda token: token.upper().encode(),
    "in lower case": lambda token: token.lower().encode(),
    "all but its beginning": lambda token: f"******{token[6:]}".encode(),
    "all but its end": lambda token: f"{token[:-6]}******".encode(),
    "with another character at its head": lambda token: f"A{token[1:]}".encode(),
    "with another character in its middle": lambda token: (
        f"{token[: len(token) // 2]}A{token[len(token) // 2 + 1 :]}".encode()
    ),
    "cut": lambda token: (f'"{token[:-1]}').encode(),
}
PLANTED = "MIIFabc+/123-planted_Token.9876543210=secret"


class Echoing(Watched):
    """Tells the token to everybody, in one spelling, in the body and in a header."""

    def __init__(self, spell: Spelling) -> None:
        super().__init__()
        self.spell = spell

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.seen.append(request)
        token = next(iter(request.values("X-Auth-Token")), "") or PLANTED
        body = self.spell(token)
        headers = [
            ("Content-Type", "application/json"),
            ("X-Echo", body.decode("latin-1").encode("ascii", "ignore").decode()),
        ]
        headers = [(name, "".join(c for c in value if c.isprintable())) for name, value in headers]
        if self.spell is SPELLINGS["gzip"]:
            headers.append(("Content-Encoding", "gzip"))
        return Answer(400 if len(self.seen) % 3 else 500, body, headers)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_search_finds_a_planted_token(tmp_path: Path, spelling: str) -> None:
    """
    The search that the other tests rely on finds the token in each of the spellings.
    """
    (tmp_path / "artefact").write_bytes(b"before " * 3 * (spelling != "gzip") + SPELLINGS[spelling](PLANTED))

    assert files_that_hold(tmp_path, PLANTED) == ["artefact"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_echoed_token_is_in_no_artefact(
    run_verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    """
    However a server spells the token in its answers, no file and no output of a run holds it.
    """
    monkeypatch.chdir(tmp_path)
    server = Echoing(SPELLINGS[spelling])
    with serving(server) as url:
        outcome = run_verify(url, "--verbose", "--max-requests", "150", SECMASTER_TOKEN=PLANTED)

    assert any(PLANTED in request.values("X-Auth-Token") for request in server.seen)
    assert len(list((tmp_path / "report").iterdir())) >= 7
    assert files_that_hold(tmp_path, PLANTED) == []
    assert not holds(outcome.out.encode() + outcome.err.encode(), PLANTED)


def test_whole_run_keeps_the_token_to_itself(run_verify: Verify, tmp_path: Path) -> None:
    """
    A whole run, with the token sent in every wrong form and place, leaves a placeholder in the files, and no token.
    """
    server = Watched()
    with serving(server) as url:
        outcome = run_verify(url)

    assert outcome.status == 0
    assert "${X_AUTH_TOKEN}" in (outcome.directory / "journal.jsonl").read_text()
    assert files_that_hold(tmp_path, TOKEN) == []


def test_journal_is_for_its_owner_alone(run_verify: Verify) -> None:
    """
    Nobody else on the machine may read the journal.
    """
    with serving(Watched()) as url:
        outcome = run_verify(url, "--max-requests", "5")

    assert (outcome.directory / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_token_may_come_from_a_file(run_verify: Verify, tmp_path: Path) -> None:
    """
    --token-file names a file with the token and a line break.
    """
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    with serving(Watched()) as url:
        outcome = run_verify(url, "--token-file", str(file), SECMASTER_TOKEN="")

    assert outcome.status == 0


@pytest.mark.parametrize(
    ("content", "said"), [("", "holds 0 words"), ("two tokens", "holds 2 words"), (None, "cannot read")]
)
def test_file_without_a_token_is_refused(run_verify: Verify, tmp_path: Path, content: str | None, said: str) -> None:
    """
    A token file that is missing, empty or holds more than a token is bad usage, told without its content.
    """
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    outcome = run_verify("http://127.0.0.1:1", "--token-file", str(file), SECMASTER_TOKEN="")

    assert outcome.status == 2
    assert said in outcome.err
    assert "two tokens" not in outcome.err


def test_token_may_come_from_a_prompt(environment: dict[str, str]) -> None:
    """
    On a terminal the token is asked for, and not echoed.
    """
    environment["SECMASTER_TOKEN"] = ""
    with serving(Watched()) as url:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", "from secmaster_contract.cli import main; main()", "verify", url, "--quiet"],
            env=environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = b""
        while b"Token:" not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, f"{TOKEN}\n".encode())
        out, _ = process.communicate(timeout=60)
        os.close(ours)

    assert process.returncode == 0
    assert b"conforms" in out
    assert TOKEN.encode() not in shown + out


def test_missing_token_is_told_in_a_sentence(run_verify: Verify) -> None:
    """
    Without a token and without anybody to ask, the message names the quiet ways to give one.
    """
    outcome = run_verify("http://127.0.0.1:1", SECMASTER_TOKEN="")

    assert outcome.status == 2
    assert "set SECMASTER_TOKEN, or name a file with --token-file" in outcome.err


class Tiring(Echoing):
    """Is correct for as long as the enumerated requests last, and tells the token to every one behind them."""

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.seen.append(request)
        if len(self.seen) < 650:
            return await Reference.__call__(self, request)
        return Answer(500, self.spell(PLANTED), [("Content-Type", "application/json")])

    def wrong_token(self, request: Request, values: list[str]) -> None:
        """Know the planted token."""
        if values != [PLANTED]:
            super().wrong_token(request, values)


def test_search_leaves_the_token_nowhere(run_verify: Verify, tmp_path: Path) -> None:
    """
    A search that finds a fault leaves its finds, and the directory it may keep them in, without the token.
    """
    database = tmp_path / "database"
    with serving(Tiring(SPELLINGS["in JSON"])) as url:
        outcome = run_verify(url, "--fuzz", "150", "--fuzz-database", str(database), SECMASTER_TOKEN=PLANTED)

    assert "answer to search/" in outcome.out
    assert files_that_hold(tmp_path, PLANTED) == []


def test_crash_shows_neither_token_nor_traceback(run_verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where the verifier itself fails, it says so in a sentence without the token, and nothing of the server.
    """

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"something with {TOKEN} in it")

    monkeypatch.setattr("secmaster_contract.commands.verify.Session.run", fail)
    outcome = run_verify("http://127.0.0.1:1")

    assert outcome.status == 3
    assert "The verifier itself failed" in outcome.err
    assert "something with ${X_AUTH_TOKEN} in it" in outcome.err
    assert "Traceback" not in outcome.err
