"""Table 5: the answer 400."""

import pytest


@pytest.mark.readings("error.")
def test_every_answer_400_keeps_its_table(readings, clause):
    """
    Every answer 400 of the run keeps the documented shape.
    """
    readings.keep(clause)
