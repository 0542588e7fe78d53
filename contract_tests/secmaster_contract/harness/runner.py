"""Runs the checks against one target with pytest underneath and returns what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from secmaster_contract.harness.checks import run_checks
from secmaster_contract.harness.enumeration import enumerate_vectors
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.finding import Report
from secmaster_contract.harness.gate import Gate, Withheld
from secmaster_contract.harness.journal import Journal
from secmaster_contract.harness.known import KnownIssues
from secmaster_contract.harness.order import Order
from secmaster_contract.harness.plan import Step
from secmaster_contract.harness.plugin import Progress, VerifierPlugin
from secmaster_contract.harness.preflight import NotReady, check
from secmaster_contract.harness.safety import Permissions, Safety
from secmaster_contract.harness.search.budget import Budget
from secmaster_contract.harness.selection import is_wanted
from secmaster_contract.harness.settle import settle
from secmaster_contract.harness.shards import Shard
from secmaster_contract.harness.spec import Spec, load_spec
from secmaster_contract.harness.target import Sender, Target
from secmaster_contract.harness.verdicts import ClauseResult, Record, Verdict

__all__ = ["Report", "checked_clauses", "planned", "run"]


def run(
    target: Target,
    *,
    spec: Spec | None = None,
    permissions: Permissions | None = None,
    only: frozenset[str] = frozenset(),
    skip: frozenset[str] = frozenset(),
    shard: Shard | None = None,
    known: KnownIssues | None = None,
    workers: int = 4,
    strict: bool = False,
    require_all: bool = False,
    order: Order = Order(),  # noqa: B008  it is frozen
    fuzz: Budget | None = None,
    database: Path | None = None,
    gate: Gate | None = None,
    journal: Journal | None = None,
    progress: Progress = lambda *_: None,
    heard: Callable[[str, Exchange], None] = lambda *_: None,
) -> Report:
    """Verify a target.

    `permissions` are those of `Permissions.for_target` where none are given; `only` and `skip` are clauses or groups;
    `strict` lets advice fail the run, `require_all` leaves it inconclusive where requests were withheld; `order` says
    how often and in which order vectors are sent, `fuzz` for how long a search goes on behind them, with `database` to
    keep its finds; `gate` bounds what is sent; `progress` hears of each check, `heard` of each exchange.

    Raises:
        NotReady: Nothing can be said of the server; its `report` has no observation.
    """
    started, begun = time.monotonic(), datetime.now(UTC)
    permissions = permissions or Permissions.for_target(target)
    target, live = permissions.home(target), permissions.live
    catalogue = enumerate_vectors(target, spec or load_spec())
    safety = Safety(catalogue, permissions)
    gate, record = gate or Gate(permissions.limits(target)), Record(catalogue.ledger)
    gate.forbidden, gate.harm = safety.forbidden, safety.harm
    sender = Sender(target, gate=gate, journal=journal, once=live)
    sender.control, sender.heard = safety.control, heard
    examiner = Examiner(catalogue, record, sender, 1 if live else workers)
    mine = shard.of(catalogue.vectors) if shard else None
    plugin = VerifierPlugin(
        examiner,
        withheld=safety.withheld,
        wanted=lambda clause: is_wanted(clause.key, only, skip),
        chosen=lambda vector: mine is None or vector.name in mine,
        progress=progress,
        order=order,
    )

    def report() -> Report:
        keys = [key for key in _all_keys(record) if is_wanted(key, only, skip)]
        results = record.results(keys)
        return Report(
            target,
            results,
            sender.sent,
            time.monotonic() - started,
            strict,
            require_all,
            plugin.faults_of_the_harness,
            begun,
            catalogue.vectors,
            sender.journal.entries,
            permissions,
            _needs(results, safety),
            shard,
            gate.stopped,
            gate.interrupted,
            gate.harmed,
            known or KnownIssues(),
        )

    try:
        with suppress(Withheld):
            check(examiner, safety)
        run_checks(plugin)
        for number in range(1, order.repeat):
            examiner.repeat(order.arrange(plugin.sent, number))
        if fuzz is not None:
            _search(examiner, fuzz, order.seed, database)
        settle(record, safety)
    except NotReady as error:
        error.report = report()
        raise
    except Exception as error:  # noqa: BLE001  whatever failed, what was found until then stands
        plugin.faults_of_the_harness.append(f"{type(error).__name__}: {error}")
    finally:
        sender.close()
    return report()


def _search(examiner: Examiner, fuzz: Budget, number: int, database: Path | None) -> None:
    from secmaster_contract.harness.search.search import Search  # noqa: PLC0415  only a search needs its libraries

    Search(examiner, fuzz, number, database).run()


def planned(
    target: Target,
    permissions: Permissions | None = None,
    only: frozenset[str] = frozenset(),
    skip: frozenset[str] = frozenset(),
) -> list[Step]:
    """Return what a run would send, in the order it would."""
    permissions = permissions or Permissions.for_target(target)
    catalogue = enumerate_vectors(permissions.home(target), load_spec())
    safety = Safety(catalogue, permissions)
    plugin = VerifierPlugin(
        Examiner(catalogue, Record(catalogue.ledger), Sender(target)),
        wanted=lambda clause: is_wanted(clause.key, only, skip),
        sending=False,
    )
    run_checks(plugin, "--collect-only")
    return [Step.preflight(safety), *(Step.of(vector, safety) for vector in plugin.vectors)]


def _needs(results: list[ClauseResult], safety: Safety) -> dict[str, list[str]]:
    """For each clause that is not known, the commands whose permission would show it."""
    needs: dict[str, list[str]] = {}
    unknown = {r.clause.key for r in results if r.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_SENT)}
    for vector in safety.catalogue.vectors.values():
        command = safety.needs(vector)
        if command and vector.clause.key in unknown and command not in needs.setdefault(vector.clause.key, []):
            needs[vector.clause.key].append(command)
    return needs


def _all_keys(record: Record) -> list[str]:
    return list(dict.fromkeys([*record.ledger.testable, *(seen.clause.key for seen in record.observations)]))


def checked_clauses() -> set[str]:
    """Return the keys of the clauses that some check speaks for, by collecting the checks without running them."""
    spec = load_spec()
    target = Target("http://127.0.0.1:1", "0" * 16, dict.fromkeys(spec.path_parameters, "x"))
    catalogue = enumerate_vectors(target, spec)
    plugin = VerifierPlugin(Examiner(catalogue, Record(catalogue.ledger), Sender(target)), sending=False)
    run_checks(plugin, "--collect-only")
    return plugin.checked
