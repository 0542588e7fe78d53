"""The URI and Table 1: the path parameters; and the doors beside the documented one."""

import pytest

from secmaster_contract.harness.answer import Examine
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings
from secmaster_contract.harness.vectors import Vector


@pytest.mark.vectors("door")
def test_only_the_documented_door_leads_to_the_act(examine: Examine, vector: Vector) -> None:
    """
    No other path and no other method leads to the act.
    """
    answer = examine(vector)

    answer.is_as_due()


@pytest.mark.readings("uri.operation")
def test_operation_is_served(readings: Readings, clause: Clause) -> None:
    """
    A command is sent by PUT to the documented path.
    """
    readings.keep(clause)
