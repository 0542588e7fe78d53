"""The way through the page: what fails stands first, and the clauses can be chosen by their verdict."""

from __future__ import annotations

from test_reports.browser import Browser
from test_reports.conftest import SCREENS, Made

CLAUSES = "[...document.querySelectorAll('.clauses > li')]"
VISIBLE = f"return {CLAUSES}.filter((clause) => clause.checkVisibility()).map((clause) => clause.id)"
RULE = "body.task-id.mandatory-for-debug"


def uncheck(page: Browser, *verdicts: str) -> None:
    """Choose not to see the clauses with some verdicts."""
    for verdict in verdicts:
        page.do("document.querySelector(`input[value='${arguments[0]}']`).click()", verdict)


def of(faulty: Made, *verdicts: str) -> list[str]:
    """The clauses with some verdicts."""
    return [clause["key"] for clause in faulty.verdict["clauses"] if clause["verdict"] in verdicts]


def test_what_fails_is_listed_first(page: Browser, faulty: Made) -> None:
    """
    Each violated clause is named above everything else, and leads to where it is told.
    """
    links = page.do("return [...document.querySelectorAll('.failing a')].map((a) => a.hash)")
    before = page.do("return document.querySelector('main').firstElementChild.textContent")

    assert links == [f"#{key}" for key in of(faulty, "violates")]
    assert before == "What fails"


def test_correct_server_has_no_such_list(page: Browser, correct: Made) -> None:
    """
    Where nothing fails nothing says so.
    """
    page.open(correct.page)

    assert page.do("return document.querySelectorAll('#failing, .failing').length") == 0


def test_clauses_are_chosen_by_verdict(page: Browser, faulty: Made) -> None:
    """
    Without those that conform the other clauses stay, and no heading stands above nothing.
    """
    uncheck(page, "conforms")
    empty = page.do(
        "return [...document.querySelectorAll('#clauses h2')].filter((h) => h.checkVisibility()"
        " && ![...h.parentElement.querySelectorAll('.clauses > li')].some((li) => li.checkVisibility())).length"
    )

    assert page.do(VISIBLE) == of(faulty, "violates", "inconclusive")
    assert empty == 0


def test_link_to_a_hidden_clause_shows_it(page: Browser, faulty: Made) -> None:
    """
    A cell of the picture leads to its clause, even if clauses with its verdict were not to be seen.
    """
    uncheck(page, "violates", "conforms")
    page.do("document.querySelector(`.matrix a[href='#${arguments[0]}']`).click()", RULE)
    page.do("await new Promise(requestAnimationFrame)")
    # The browser scrolls by whole pixels, so the edge of what it scrolls to may be a part of one above the window.
    top = page.do("return document.getElementById(arguments[0]).getBoundingClientRect().top", RULE)

    assert page.do(VISIBLE) == of(faulty, "violates", "inconclusive")
    assert -1 < top < SCREENS["wide-light"]["height"]


def test_print_has_every_clause(page: Browser, faulty: Made) -> None:
    """
    What was chosen on the screen takes nothing away from what is printed.
    """
    uncheck(page, "conforms")
    page.look(**SCREENS["print"])

    assert page.do(VISIBLE) == [clause["key"] for clause in faulty.verdict["clauses"]]
