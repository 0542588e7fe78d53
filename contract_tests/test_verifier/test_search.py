"""The search finds what no enumeration foresaw, and says it so that it can be seen again."""

import re
from pathlib import Path
from typing import Any

import pytest

from secmaster_contract.judge.verdicts import ExitStatus, Observation, Verdict
from secmaster_contract.run.session import Options, Report
from secmaster_contract.vectors.search.budget import Budget
from secmaster_contract.wire.exchange import Exchange
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.reference import DEBUG, RETRY, TERMINATE, Reference
from test_verifier.servers.wire import Request, serving
from test_verifier.verifying import keys, told, verify


class Stutterer(Reference):
    """Takes a command in which letters are doubled."""

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        """Undo the doubling first."""
        once = {re.sub(r"(.)\1+", r"\1", command) for command in (TERMINATE, RETRY, DEBUG)}
        if re.sub(r"(.)\1+", r"\1", value) not in once:
            super().unknown_command(request, body, value)


def searched(server: Reference, *, budget: str = "400", seed: int = 1, sent: list[str] | None = None) -> Report:
    """Verify a server with a search behind the vectors; `sent` is given the vector of each request."""

    def heard(about: str, _: Exchange) -> None:
        if sent is not None:
            sent.append(about)

    with serving(server) as url:
        return verify(url, seconds=5, options=Options(seed=seed, fuzz=Budget.parse(budget)), heard=heard)


def finds(report: Report) -> list[Observation]:
    """Return what the search found."""
    return [seen for r in report.results for seen in r.failures if seen.vector.startswith("search/")]


def test_search_finds_a_fault_that_no_vector_shows() -> None:
    """
    A fault beyond the enumeration is found, blamed on its clause, shrunk to one fault, and seen twice.
    """
    with serving(Stutterer()) as url:
        enumerated = verify(url)
    report = searched(Stutterer())

    assert enumerated.exit_status is ExitStatus.CONFORMS
    assert keys(report, Verdict.VIOLATES) == {"body.command-type.range"}, told(report)
    (find,) = finds(report)
    assert find.exchange is not None
    assert find.exchange.status == 200
    assert len(find.exchange.request.body) < 100
    assert not find.flaky


def test_the_same_seed_finds_the_same() -> None:
    """
    A search with the same seed ends at the same request.
    """
    first, second = (finds(searched(Stutterer(), seed=7)) for _ in range(2))

    assert [seen.vector for seen in first] == [seen.vector for seen in second] != []


@pytest.mark.parametrize("name", ["reference", "no-unknown-fields", "known-instances", "stateful", "no-repeated-names"])
def test_search_cries_wolf_at_no_benign_server(name: str) -> None:
    """
    What a correct server does where the page is silent is no find.
    """
    report = searched(BENIGN[name](), budget="600")

    assert report.exit_status is ExitStatus.CONFORMS, told(report)
    assert not finds(report)


def test_search_begins_with_what_an_earlier_one_found(tmp_path: Path) -> None:
    """
    A find is kept in the database: the next search has it at once, which one without the database has not.
    """
    with serving(Stutterer()) as url:
        verify(url, options=Options(seed=1, fuzz=Budget.parse("400"), database=tmp_path))
        again, without = (
            verify(url, options=Options(seed=2, fuzz=Budget.parse("5"), database=database))
            for database in (tmp_path, None)
        )

    assert [seen.clause.key for seen in finds(again)] == ["body.command-type.range"]
    assert not finds(without)


def test_search_keeps_its_budget() -> None:
    """
    A search ends when its requests or its seconds are spent.
    """
    sent: list[str] = []
    searched(Reference(), budget="50", sent=sent)
    short = searched(Reference(), budget="1s")

    assert 30 < sum(name.startswith("search/") for name in sent) <= 50
    assert short.seconds < 10


@pytest.mark.parametrize("text", ["", "0", "20 minutes", "-1", "1e3", "s"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    """
    A budget is a number of seconds or of requests.
    """
    with pytest.raises(ValueError, match="no budget"):
        Budget.parse(text)
