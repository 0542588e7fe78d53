"""The page in a real browser: what it shows, on which screens, and to whom."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from test_reports.browser import FAINT, Browser
from test_reports.conftest import SCREENS, Made
from test_verifier.servers.reference import TOKEN

KEPT = Path(__file__).parents[2] / "reports" / "screenshots"  # git-ignored; an artefact of the test run


def test_page_needs_nothing_else(faulty: Made) -> None:
    """
    The page is one file: it loads nothing, and forbids itself to.
    """
    text = faulty.read("index.html")

    assert "default-src 'none'" in text
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", text)
    assert "@import" not in text
    assert "url(" not in text


def test_verdict_is_the_first_thing_said(page: Browser) -> None:
    """
    The heading is the verdict, within the first screen of a phone.
    """
    page.look(width=390, height=844)
    place = page.do("const h = document.querySelector('h1'); return [h.textContent, h.getBoundingClientRect().bottom]")

    assert place[0] == "Violates the contract"
    assert place[1] < 844 / 2


def test_correct_server_has_the_other_verdict(page: Browser, correct: Made) -> None:
    """
    The page of a correct server says that it conforms, and shows no failure.
    """
    page.open(correct.page)

    assert page.do("return document.querySelector('h1').textContent") == "Conforms"
    assert page.do("return document.querySelectorAll('.failure').length") == 0
    assert page.do("return document.querySelectorAll('.matrix td.violates').length") == 0


def test_every_clause_has_its_state(page: Browser, faulty: Made) -> None:
    """
    Each clause stands in the section of its table with its verdict.
    """
    shown = page.do(
        "return [...document.querySelectorAll('.clauses > li')].map((li) => "
        "[li.id, li.querySelector('.badge').textContent.trim().slice(2)])"
    )

    assert shown == [[clause["key"], clause["verdict"]] for clause in faulty.verdict["clauses"]]


def test_picture_shows_the_broken_rule(page: Browser) -> None:
    """
    In the matrix the cell of debug, task_id, absent is violated, and leads to its clause; its neighbour conforms.
    """
    cells: dict[str, Any] = page.do(
        "return Object.fromEntries([...document.querySelectorAll('.matrix td a')].map((a) => "
        "[a.getAttribute('aria-label'), [a.parentElement.className, a.hash]]))"
    )

    assert cells["debug, task_id, absent: 1 violates"] == ["violates", "#body.task-id.mandatory-for-debug"]
    assert cells["debug, input_dataobject, absent: 1 conforms"][0] == "conforms"


@pytest.mark.parametrize("screen", SCREENS)
def test_text_has_contrast(page: Browser, screen: str) -> None:
    """
    All text has the contrast that WCAG AA asks for, light and dark, on screen and in print.
    """
    page.look(**SCREENS[screen])
    picture = page.shoot(KEPT / f"{screen}.png")

    assert page.run(FAINT) == []
    assert picture.startswith(b"\x89PNG")


def test_dark_is_dark(page: Browser) -> None:
    """
    The page follows the colour scheme of its reader.
    """
    seen = []
    for scheme in ("light", "dark"):
        page.look(width=1280, height=800, scheme=scheme)
        seen.append(page.do("return getComputedStyle(document.body).backgroundColor"))

    assert seen[0] == "rgb(255, 255, 255)"
    assert seen[1] != seen[0]


def test_phone_scrolls_one_way(page: Browser) -> None:
    """
    On a phone the page is as wide as the screen; the matrix alone scrolls, within its own frame.
    """
    page.look(width=390, height=844)

    assert page.do("return document.documentElement.scrollWidth") <= 390
    assert page.do("const s = document.querySelector('.scroll'); return s.scrollWidth > s.clientWidth")


def test_everything_is_reached_by_keyboard(page: Browser) -> None:
    """
    What can be clicked can be reached by the Tab key, has a name, and shows when it has the focus.
    """
    nameless = page.do(
        "const named = (e) => ['aria-label', 'aria-labelledby'].some((a) => e.getAttribute(a)) || e.textContent.trim();"
        "return [...document.querySelectorAll('a, button, summary, [tabindex]')]"
        ".filter((e) => !named(e) || e.tabIndex < 0).length"
    )
    style = page.do(
        "const b = document.querySelector('button.copy'); b.focus({focusVisible: true});"
        "return getComputedStyle(b).outlineStyle"
    )

    assert nameless == 0
    assert style == "solid"


def test_tables_and_headings_are_labelled(page: Browser) -> None:
    """
    Headings go down one level at a time, header cells say what they head, and the language is named.
    """
    levels = page.do("return [...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))")
    unscoped = page.do("return document.querySelectorAll('th:not([scope])').length")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert unscoped == 0
    assert page.do("return document.documentElement.lang") == "en"


def test_copy_button_copies_the_curl_line(page: Browser, faulty: Made) -> None:
    """
    The button puts the curl line on the clipboard and says so; the token is nowhere in the page.
    """
    page.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.do("document.querySelector('button.copy').click()")
    said = page.do("return document.querySelector('button.copy').textContent")
    copied = page.do("return await navigator.clipboard.readText()")

    assert copied == faulty.failures[0][1]["again"]
    assert TOKEN not in page.do("return document.documentElement.outerHTML")
    assert said == "Copied"


def test_print_shows_what_is_folded(page: Browser) -> None:
    """
    Before the page is printed every fold opens, and buttons are left out.
    """
    page.do("dispatchEvent(new Event('beforeprint'))")
    page.look(**SCREENS["print"])

    assert page.do("return [...document.querySelectorAll('details')].every((each) => each.open)")
    assert page.do("return getComputedStyle(document.querySelector('button.copy')).display") == "none"


def test_answers_of_the_server_are_text(page: Browser) -> None:
    """
    What a server sends as markup is shown as text.
    """
    assert page.do("return document.querySelectorAll('main b, main script').length") == 0
    assert "<b>It & broke</b>" in page.do("return document.body.innerText")


def test_browser_has_nothing_to_complain_about(page: Browser) -> None:
    """
    The console stays empty: no script fails and the page breaks no rule that it sets itself.
    """
    assert page.complaints() == []


def test_times_are_told_in_numbers_too(page: Browser) -> None:
    """
    The plot of times has a text that says the same.
    """
    label = page.do("return document.querySelector('.plot').getAttribute('aria-label')")

    assert re.fullmatch(r"\d+ answers: median .+ ms, 95 per cent within .+ ms, longest .+ ms", label)
    assert page.do("return document.querySelectorAll('.plot .bar').length") > 3
