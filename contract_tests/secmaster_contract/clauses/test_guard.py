"""What any endpoint behind a token owes its users."""

import pytest

from secmaster_contract.harness.answer import Examine
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings
from secmaster_contract.harness.vectors import Vector


@pytest.mark.vectors("authentication-first")
def test_stranger_learns_nothing_of_the_rules(examine: Examine, vector: Vector) -> None:
    """
    A faulty request without a token is refused for the token.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.readings("guard.")
def test_no_request_breaks_the_guard(readings: Readings, clause: Clause) -> None:
    """
    No request makes the server fail, hang or tell what is not its to tell.
    """
    readings.keep(clause)
