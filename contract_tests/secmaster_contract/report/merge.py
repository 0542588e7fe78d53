"""Shards of one run put together again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from secmaster_contract.harness.verdicts import EXPLAINED, UNSEEN, WORST_FIRST, ExitStatus, Verdict, exit_status
from secmaster_contract.report.files import UnreadableFile


def merge(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one verdict file for the shards of a run.

    Raises:
        UnreadableFile: They are not all the shards of one run.
    """
    _check(documents)
    clauses = [_clause([_find(document, key) for document in documents]) for key in _keys(documents)]
    counts = Counter(clause["verdict"] for clause in clauses)
    runs = [document["run"] for document in documents]
    first = documents[0]
    known = list({issue["about"]: issue for document in documents for issue in document["known"]}.values())
    return {
        **first,
        "run": {
            **first["run"],
            "started": min(run["started"] for run in runs),
            "seconds": max(run["seconds"] for run in runs),
            "requests": sum(run["requests"] for run in runs),
            "shard": None,
            "stopped": next((run["stopped"] for run in runs if run["stopped"]), None),
            "interrupted": any(run["interrupted"] for run in runs),
            "strict": any(run["strict"] for run in runs),
            "require_all": any(run.get("require_all") for run in runs),
        },
        "exit_status": int(_status(documents, clauses)),
        "verdicts": {str(verdict): counts.get(str(verdict), 0) for verdict in Verdict},
        "clauses": clauses,
        "vectors": list({v["name"]: v for document in documents for v in document["vectors"]}.values()),
        "known": known,
        "harness_faults": [fault for document in documents for fault in document["harness_faults"]],
    }


def _check(documents: list[dict[str, Any]]) -> None:
    if len({document["target"] for document in documents}) > 1:
        raise UnreadableFile("the files are of different servers; `matrix` puts those side by side")
    if len({document["contract"]["spec_sha256"] for document in documents}) > 1:
        raise UnreadableFile("the files are of different contracts")
    shards = [document["run"]["shard"] for document in documents]
    counts = {shard.partition("/")[2] for shard in shards if shard}
    wanted = {f"{number}/{count}" for count in counts for number in range(1, int(count) + 1)}
    if None in shards or len(counts) != 1 or set(shards) != wanted or len(shards) != len(wanted):
        missing = ", ".join(sorted(wanted - set(shards))) or "none"
        raise UnreadableFile(f"the files are not the shards of one run, each once; missing: {missing}")


def _keys(documents: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(clause["key"] for document in documents for clause in document["clauses"]))


def _find(document: dict[str, Any], key: str) -> dict[str, Any] | None:
    return next((clause for clause in document["clauses"] if clause["key"] == key), None)


def _clause(found: list[dict[str, Any] | None]) -> dict[str, Any]:
    parts = [part for part in found if part is not None]
    seen = [part for part in parts if part["verdict"] != Verdict.INCONCLUSIVE or not _is_unseen(part)] or parts
    verdict = next(v for v in WORST_FIRST if any(part["verdict"] == v for part in seen))
    failures = {failure["vector"]: failure for part in seen for failure in part["failures"]}
    deciding = [part for part in seen if part["verdict"] == verdict and verdict is not Verdict.CONFORMS]
    return {
        **parts[0],
        "verdict": str(verdict),
        "observations": sum(part["observations"] for part in parts),
        "reasons": list(dict.fromkeys(reason for part in seen for reason in part["reasons"])),
        "needs": list(dict.fromkeys(need for part in seen for need in part["needs"])),
        "withheld": bool(deciding) and all(part.get("withheld") for part in deciding),
        "known": bool(deciding) and all(part["known"] for part in deciding),
        "issues": list(dict.fromkeys(issue for part in deciding for issue in part.get("issues", ()))),
        "failures": list(failures.values()),
        "therefore": list(dict.fromkeys(name for part in seen for name in part["therefore"])),
    }


def _is_unseen(part: dict[str, Any]) -> bool:
    return all(reason == UNSEEN or reason.startswith(EXPLAINED) for reason in part["reasons"])


def _status(documents: list[dict[str, Any]], clauses: list[dict[str, Any]]) -> ExitStatus:
    runs = [document["run"] for document in documents]
    if any(run["interrupted"] for run in runs):
        return ExitStatus.INTERRUPTED
    if any(issue["state"] == "no longer fails" for document in documents for issue in document["known"]):
        return ExitStatus.VIOLATES
    status = exit_status(
        map(_standing, clauses),
        strict=any(run["strict"] for run in runs),
        require_all=any(run.get("require_all") for run in runs),
        stopped=any(run["stopped"] for run in runs),
    )
    faulty = any(document["harness_faults"] for document in documents)
    return ExitStatus.INCONCLUSIVE if faulty and status is ExitStatus.CONFORMS else status


def _standing(clause: dict[str, Any]) -> Verdict:
    if clause["known"]:
        return Verdict.CONFORMS
    return Verdict.NOT_SENT if clause["withheld"] else Verdict(clause["verdict"])
