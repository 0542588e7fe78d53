"""Table 4: the answer 200."""

import pytest


@pytest.mark.readings("result.")
def test_every_answer_200_keeps_its_table(readings, clause):
    """
    Every answer 200 of the run keeps the documented shape.
    """
    readings.keep(clause)
