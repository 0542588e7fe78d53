"""Table 4: the answer 200."""

import pytest

from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings


@pytest.mark.readings("result.")
def test_every_answer_200_keeps_its_table(readings: Readings, clause: Clause) -> None:
    """
    Every answer 200 of the run keeps the documented shape.
    """
    readings.keep(clause)
