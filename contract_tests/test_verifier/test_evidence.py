"""Nothing conforms of which nothing was seen; what could not be seen names the fault that hid it."""

from __future__ import annotations

from typing import Any

import pytest

from secmaster_contract.judge.verdicts import EXPLAINED, Verdict
from secmaster_contract.run.session import Report
from test_verifier.servers.reference import Reference, as_json
from test_verifier.servers.wire import Answer, Request
from test_verifier.verifying import keys, report_on, told

FIELDS = {
    "result.code.type",
    "result.message.type",
    "result.success.type",
    "result.success.true",
    "result.request-id.type",
    "result.complete",
}


class Constant(Reference):
    """Answers a command that it takes with the same bytes whatever it is."""

    def __init__(self, body: bytes, media_type: str) -> None:
        super().__init__()
        self.answer = Answer(200, body, [("Content-Type", media_type)])

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Give the answer."""
        del request, body
        return self.answer


class Welcoming(Constant):
    """Answers everything like that, whoever asks for whatever."""

    async def serve(self, request: Request) -> Answer:
        """Give the answer."""
        return await self.carry_out(request, None)


def hidden(report: Report, cause: str) -> set[str]:
    """Return the clauses of which a report says nothing but that what was seen follows from another."""
    unsure = report.of(Verdict.INCONCLUSIVE)
    return {result.clause.key for result in unsure if result.reasons == [f"{EXPLAINED} {cause}"]}


@pytest.mark.parametrize(
    ("server", "cause", "unseen"),
    [
        (Constant(b"<html>", "text/html"), "result.body", FIELDS | {"http.json", "http.media-type"}),
        (Welcoming(b"<html>", "text/html"), "result.body", FIELDS | {"http.json", "http.media-type"}),
        (Constant(b"", "application/json"), "result.body", FIELDS | {"http.json", "http.media-type"}),
        (Constant(b"[]", "application/json"), "result.body", FIELDS),
        (Constant(b"null", "application/json"), "result.body", FIELDS),
        (Constant(b"{", "application/json"), "http.json", FIELDS | {"result.body"}),
    ],
    ids=["page", "page-for-everything", "nothing", "list", "null", "no-json"],
)
def test_what_no_answer_shows_does_not_conform(server: Reference, cause: str, unseen: set[str]) -> None:
    """
    A clause on the body of an answer that cannot be read for it follows from the clause that the answer breaks.
    """
    report = report_on(server)

    assert cause in keys(report, Verdict.VIOLATES), told(report)
    assert unseen <= hidden(report, cause)
    assert not unseen & keys(report, Verdict.CONFORMS)


def test_page_with_bytes_behind_it_is_no_answer_in_json() -> None:
    """
    An answer that is no JSON is not blamed for a media type that does not say JSON, whatever follows it.
    """
    server = Welcoming(b"<html>", "text/html")
    server.answer.tail = b"400"
    report = report_on(server)

    assert "http.framing" in keys(report, Verdict.VIOLATES), told(report)
    assert "http.media-type" not in keys(report, Verdict.VIOLATES), told(report)


def test_what_other_answers_show_conforms() -> None:
    """
    Where commands are answered as documented but for one, the fields of the answer conform.
    """
    report = report_on(ForgettingItself())

    assert keys(report, Verdict.VIOLATES) == {"result.body"}, told(report)
    assert keys(report, Verdict.CONFORMS) >= FIELDS
    assert {"http.json", "http.media-type"} <= hidden(report, "result.body")


class ForgettingItself(Reference):
    """Answers the terminate command with a page."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Give the page or the answer."""
        if b"Terminate" in request.body:
            return Answer(200, b"<html>", [("Content-Type", "text/html")])
        return await super().carry_out(request, body)


class Crashing(Reference):
    """Fails on what is not UTF-8, in headers as documented for a failure."""

    def not_utf8(self, request: Request) -> None:
        """Fail."""
        del request
        self.refuse("Unknown error.", 500)


class Choosy(Reference):
    """Refuses other media types by a status that is about the answer's."""

    def wrong_media_type(self, request: Request, value: str) -> None:
        """Refuse by 406."""
        del request, value
        self.refuse("Content-Type is not supported.", 406)


@pytest.mark.parametrize(
    ("server", "cause", "clause"),
    [
        (Crashing(), "guard.no-server-error", "http.malformed-utf-8"),
        (Choosy(), "error.status", "headers.content-type.range"),
    ],
    ids=["crashing", "choosy"],
)
def test_clause_whose_vectors_all_show_another_fault_names_it(server: Reference, cause: str, clause: str) -> None:
    """
    A clause of which each vector shows a fault of another one is inconclusive and says which.
    """
    report = report_on(server)

    assert keys(report, Verdict.VIOLATES) == {cause}, told(report)
    assert hidden(report, cause) == {clause}


def test_object_without_a_field_is_read_for_it() -> None:
    """
    An answer that leaves a field out, as the page allows, keeps the clauses on that field.
    """
    report = report_on(Constant(as_json(200, {"success": True}).body, "application/json"))

    assert not keys(report, Verdict.VIOLATES)
    assert keys(report, Verdict.CONFORMS) >= FIELDS - {"result.complete"}
