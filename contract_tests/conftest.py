"""How the tests are spread over the workers of pytest-xdist, and what their last lines say."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist has no types

# What is dear to set up is set up once, in the one worker that gets all tests of a group. pytest-xdist's own marker for
# this, xdist_group, is lost with pytest 9.2 (xdist 3.8 writes it where that version no longer reads).
GROUPS = {
    "test_house/test_installed.py": "the built distributions",
    "test_house/test_wheel.py": "the built distributions",
    "test_reports/test_page.py": "the browser",
    "test_reports/test_page_navigation.py": "the browser",
}


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hand out test by test, but a group whole."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what a test is handed out with: its group, else itself alone."""
        return GROUPS.get(nodeid.split("::", maxsplit=1)[0].removeprefix("contract_tests/"), nodeid)


@pytest.hookimpl(optionalhook=True)  # there is none to implement under `-p no:xdist`
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Schedule the tests, whatever `--dist` says.

    Raises:
        pytest.UsageError: A group names a file that there is no more.
    """
    gone = [path for path in GROUPS if not (Path(__file__).parent / path).is_file()]
    if gone:
        raise pytest.UsageError(f"{__file__}: GROUPS names {', '.join(gone)}, which is not there")
    return Scheduling(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say below all else which tests were skipped for want of something that one command installs."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker of pytest-xdist has none
        return
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        if "to run these tests: " in reason:
            reporter.write_line(f"{count} tests skipped: {reason}", yellow=True)
