"""Options from a file and from the environment mean what they mean on the command line; what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from secmaster_contract.commands.verify import verify
from test_live.conftest import Verify
from test_live.servers import MINE, Knowing
from test_verifier.servers.reference import RETRY, TOKEN
from test_verifier.servers.wire import serving


@pytest.mark.parametrize("written", [f'"retry={MINE}"', f'["retry={MINE}", "debug=another"]'])
def test_instances_may_stand_in_a_file(live: Verify, tmp_path: Path, written: str) -> None:
    """
    The instances that may be touched may stand in the TOML file, one or several.
    """
    file = tmp_path / "verify.toml"
    file.write_text(f'allow = "retry"\ninstance-id = {written}\n')
    server = Knowing()
    with serving(server) as url:
        live(url, "--config", str(file))

    assert set(server.carried_out) == {(RETRY, MINE)}


def test_instances_may_stand_in_the_environment(live: Verify) -> None:
    """
    They may stand in the environment, too.
    """
    server = Knowing()
    with serving(server) as url:
        live(url, SECMASTER_ALLOW="retry", SECMASTER_INSTANCE_ID=f"retry={MINE}")

    assert set(server.carried_out) == {(RETRY, MINE)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--allow", "pause"), "the commands are debug, retry, terminate"),
        (("--instance-id", "a", "--instance-id", "b"), "--instance-id names two values of instance_id; say which"),
        (("--instance-id", "retry=a", "--instance-id", "retry=b"), "names two values of instance_id for retry"),
        (("--param", "project_id=a", "--project-id", "b"), "names two values of project_id"),
        (("--param", "project_id"), "write NAME=VALUE"),
        (("--param", "color=red"), "--param color: the contract has no such name; its names are project_id, "),
        (("--param", "pause:instance_id=a"), "the commands are debug, retry, terminate"),
        (("--param", "retry:task_id=a"), "what one may have of its own is instance_id"),
        (("--param", "workspace_id=.."), "would lead to another path"),
        (("--operations", "no"), "--operations no: the operations are updateWorkflowInstance"),
        (("--contract", "/nonexistent.yaml"), "/nonexistent.yaml#/: the file cannot be read: No such file"),
        (("--ledger", "/nonexistent.yaml"), "/nonexistent.yaml#/: the file cannot be read: No such file"),
        (("--instance-id", ".."), "would lead to another path"),
        (("--instance-id", "retry=.."), "would lead to another path"),
        (("--proxy", "socks5://p:1"), "--proxy is no proxy's URL"),
        (
            ("--only", "no.such"),
            "there is no such clause; the groups are uri, headers, body, result, error, http, guard",
        ),
        (("--known", "/nonexistent.toml"), "cannot read /nonexistent.toml"),
    ],
)
def test_unusable_option_is_told_in_a_sentence(run_verify: Verify, options: tuple[str, ...], said: str) -> None:
    """
    An option that cannot be used is bad usage, told without a traceback.
    """
    outcome = run_verify("http://127.0.0.1:1", *options)

    assert outcome.status == 2
    assert said in " ".join(outcome.err.split())
    assert "Traceback" not in outcome.err


def test_journal_of_a_live_run_is_kept_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A live run for which no report was asked keeps its journal all the same, and says where.
    """
    monkeypatch.chdir(tmp_path)
    with serving(Knowing()) as url:
        options = [url, "--treat-as", "live", "--rate", "1000/s", "--max-requests", "10"]
        result = CliRunner().invoke(verify, options, env={"SECMASTER_TOKEN": TOKEN}, catch_exceptions=False)
    (journal,) = (tmp_path / "reports").iterdir()

    assert len(journal.read_text().splitlines()) == 1 + 2 * 10
    assert journal.name in result.stderr.replace("\n", "")
