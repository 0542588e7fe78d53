"""The URI and Table 1: the path parameters; and the doors beside the documented one."""

import pytest


@pytest.mark.vectors("door")
def test_only_the_documented_door_leads_to_the_act(examine, vector):
    """
    No other path and no other method leads to the act.
    """
    answer = examine(vector)

    answer.is_as_due()


@pytest.mark.readings("uri.operation")
def test_operation_is_served(readings, clause):
    """
    A command is sent by PUT to the documented path.
    """
    readings.keep(clause)
