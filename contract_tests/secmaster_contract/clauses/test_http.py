"""The standards that the page builds on: HTTP, JSON, media types."""

import pytest

from secmaster_contract.harness.answer import Examine
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings
from secmaster_contract.harness.vectors import Vector


@pytest.mark.vectors("malformed")
def test_malformed_body_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A body that is not JSON in UTF-8 is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("extension")
def test_extension_of_json_is_refused(examine: Examine, vector: Vector) -> None:
    """
    What some parsers take beyond JSON is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("equivalence")
def test_equivalent_request_is_taken(examine: Examine, vector: Vector) -> None:
    """
    A valid command is taken in every form that means the same.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.vectors("stateless")
def test_valid_command_is_taken_whatever_came_before(examine: Examine, vector: Vector) -> None:
    """
    A valid command is taken whatever was sent before or beside it.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.vectors("open")
def test_what_the_page_leaves_open_is_answered_soundly(examine: Examine, vector: Vector) -> None:
    """
    A request that the page neither allows nor forbids is answered soundly.
    """
    answer = examine(vector)

    answer.is_as_due()


@pytest.mark.readings("http.")
def test_every_answer_keeps_the_standards(readings: Readings, clause: Clause) -> None:
    """
    Every answer is a sound HTTP message with a sound JSON text.
    """
    readings.keep(clause)
