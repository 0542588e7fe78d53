"""What any endpoint behind a token owes its users."""

import pytest


@pytest.mark.vectors("authentication-first")
def test_stranger_learns_nothing_of_the_rules(examine, vector):
    """
    A faulty request without a token is refused for the token.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.readings("guard.")
def test_no_request_breaks_the_guard(readings, clause):
    """
    No request makes the server fail, hang or tell what is not its to tell.
    """
    readings.keep(clause)
