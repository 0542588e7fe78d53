"""The reference page in a real browser: read the clauses, try a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from openapi_contract import Contract
from secmaster_contract.mock.server import Running, running
from secmaster_contract.shipped import shipped_ledger
from test_mock.wire import COMMANDS, MEDIA_TYPE, OPERATION, TOKEN_HEADER
from test_reports.browser import BROWSER, FAINT, NO_BROWSER, Browser

LIBRARY = Contract.load(Path(__file__).parents[1] / "data" / "contracts" / "library.yaml")
pytestmark = pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)

SEND = """
(async () => {
  const before = document.getElementById("meta").textContent;
  document.querySelector("#form button[type=submit]").click();
  while (document.getElementById("meta").textContent === before) await new Promise(requestAnimationFrame);
  return [document.getElementById("status").textContent, document.getElementById("answer").textContent];
})()
"""

SENT = """
(async () => {
  while (!document.getElementById("meta").textContent) await new Promise(requestAnimationFrame);
  return document.getElementById("status").textContent;
})()
"""


def choose(command: str) -> str:
    """Write the script that picks a command."""
    return f"document.querySelector('input[value={command}]').click()"


def fill(name: str, value: str) -> str:
    """Write the script that fills a field."""
    return f"document.getElementById({name!r}).value = {value!r}"


@pytest.fixture(scope="module")
def page(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The page, open."""
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(server.url)
        yield browser


@pytest.fixture(autouse=True)
def unchanged(request: pytest.FixtureRequest) -> None:
    """Each test finds the form as it was."""
    if "page" in request.fixturenames:
        page: Browser = request.getfixturevalue("page")
        page.run(f"document.getElementById('form').reset(); {choose(next(iter(COMMANDS)))}; show(); undefined")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_tried_with_one_press(page: Browser, command: str) -> None:
    """
    The form sends the command's example as it stands, and shows the success.
    """
    page.run(choose(command))
    status, answer = page.run(SEND)

    assert status == "200"
    assert '"success": true' in answer


def test_a_broken_command_shows_the_clause(page: Browser) -> None:
    """
    What the user breaks by hand is sent so, and the rejection is shown.
    """
    page.run(fill("body", '{"command_type": "ActionInstanceDebugCommand", "input_dataobject": "[]"}'))
    status, answer = page.run(SEND)

    assert status == "400"
    assert "body.task-id.mandatory-for-debug" in answer


def test_a_missing_token_and_a_preference_are_tried(page: Browser) -> None:
    """
    Token and preference go out as they were typed.
    """
    page.run(fill("token", ""))
    assert page.run(SEND)[0] == "401"

    page.run(fill("token", "mock-token") + ";" + fill("prefer", "code=429"))
    assert page.run(SEND)[0] == "429"


def test_an_identifier_is_encoded(page: Browser) -> None:
    """
    A slash that a user types stays in its segment.
    """
    page.run(fill(f"{OPERATION.id}-path-instance_id", "a/b?c"))

    assert page.run("target()").endswith("/a%2Fb%3Fc")
    assert page.run(SEND)[0] == "200"


def test_the_curl_line_has_no_token(page: Browser) -> None:
    """
    The line that is copied names the token by a variable.
    """
    page.run(fill("token", "planted-token"))
    line = page.run("curl()")

    assert "planted-token" not in line
    assert '"X-Auth-Token: $TOKEN"' in line
    assert f"-X {OPERATION.method}" in line


@pytest.mark.parametrize(
    ("operation", "status"),
    [("listBooks", "200"), ("addBook", "201"), ("removeBook", "204"), ("showLatestBook", "200")],
)
def test_each_operation_of_another_contract_is_tried(tmp_path: Path, operation: str, status: str) -> None:
    """
    The form has the parameters, the token and the body of the operation that was chosen, filled with valid values.
    """
    with running(contract=LIBRARY) as server, Browser(tmp_path) as browser:
        browser.open(server.url)
        browser.run(f"{fill('operation', operation)}; show(); undefined")
        shown = browser.run("[...document.querySelectorAll('[data-operation]')].filter(one => !one.hidden).length")

        assert browser.run(SEND)[0] == status
        assert shown == 1
        assert browser.run("document.getElementById('body-row').hidden") is (operation != "addBook")
        assert "mock-token" not in browser.run("curl()")


def test_every_clause_can_be_read_and_found(page: Browser) -> None:
    """
    The page has a row for each clause, and the filter leaves those that match.
    """
    keys = set(shipped_ledger().clauses)
    shown = page.run("[...document.querySelectorAll('.clauses tbody tr')].map(row => row.id)")
    page.run(fill("filter", "task-id.mandatory") + "; filter()")
    found = page.run(
        "[...document.querySelectorAll('.clauses tbody tr')].filter(row => !row.hidden).map(row => row.id)"
    )
    page.run(fill("filter", "") + "; filter()")

    assert set(shown) == keys
    assert set(found) == {key for key in keys if "task-id.mandatory" in key}
    assert found


def test_every_field_and_status_of_the_contract_stands_on_the_page(page: Browser) -> None:
    """
    Nothing that the contract documents is left out.
    """
    text = page.run("document.body.textContent")
    names = {name for command in OPERATION.commands for name in command.fields} | set(OPERATION.path_names)

    assert [word for word in (*names, *OPERATION.responses, MEDIA_TYPE, TOKEN_HEADER) if word not in text] == []
    assert "`" not in page.run("document.body.innerText")


def test_the_page_asks_nobody_else_and_reports_no_error(page: Browser, server: Running) -> None:
    """
    Every request goes to the server itself, and the browser has nothing to complain about.
    """
    page.run(SEND)
    urls = [event["request"]["url"] for event in page.named("Network.requestWillBeSent")]

    assert len(urls) > 1
    assert [url for url in urls if not url.startswith((server.url, "data:"))] == []
    assert page.complaints() == []


def test_a_script_from_elsewhere_does_not_run(page: Browser) -> None:
    """
    The content security policy lets in the page's own script alone.
    """
    intrude = "one.textContent = 'window.intruder = 1'; document.body.append(one); undefined"
    page.run(f"var one = document.createElement('script'); {intrude}")

    assert page.run("window.intruder") is None


UNLABELLED = "[...document.querySelectorAll('input, textarea')].filter(one => !one.labels.length).map(one => one.id)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (375, "light")])
def test_the_page_can_be_read_by_everybody(server: Running, tmp_path: Path, width: int, scheme: str) -> None:
    """
    Contrast, labels, headings and width hold in light and dark, on a desk and on a telephone.
    """
    with Browser(tmp_path) as browser:
        browser.look(width=width, scheme=scheme)
        browser.open(server.url)
        levels = browser.run("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => Number(one.tagName[1]))")

        assert browser.run(FAINT) == []
        assert browser.run(UNLABELLED) == []
        assert browser.run(OVERFLOW) == 0
        assert browser.run("document.documentElement.lang") == "en"
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_command_is_sent_by_keyboard_alone(server: Running, tmp_path: Path) -> None:
    """
    Tab reaches the skip link first, and Enter in a field sends the form.
    """
    with Browser(tmp_path) as browser:
        browser.open(server.url)
        browser.press("Tab")
        first = browser.run("document.activeElement.className")
        browser.run("document.getElementById('prefer').focus()")
        browser.press("Enter")
        status = browser.run(SENT)

    assert (first, status) == ("skip", "200")


def test_a_token_of_the_users_own_is_not_on_the_page(serve: Callable[..., Running], tmp_path: Path) -> None:
    """
    Only the published default is filled in.
    """
    with Browser(tmp_path) as browser:
        browser.open(serve(tokens=("own-secret",)).url)
        shown: Any = browser.run("[document.documentElement.outerHTML, document.getElementById('token').value]")

    assert "own-secret" not in shown[0]
    assert shown[1] == ""
