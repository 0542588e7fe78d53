"""Table 5: the answer 400."""

import pytest

from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings


@pytest.mark.readings("error.")
def test_every_answer_400_keeps_its_table(readings: Readings, clause: Clause) -> None:
    """
    Every answer 400 of the run keeps the documented shape.
    """
    readings.keep(clause)
