"""Table 2: the request headers."""

import pytest

from secmaster_contract.harness.answer import Examine
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings
from secmaster_contract.harness.vectors import Vector


@pytest.mark.vectors("token")
def test_request_without_a_good_token_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A request is refused unless a good token stands in its header.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("content-type")
def test_request_of_another_media_type_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A request without the documented media type is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("media-type-form")
def test_same_media_type_in_another_spelling_is_taken(examine: Examine, vector: Vector) -> None:
    """
    The documented media type in another spelling of the same meaning is taken.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.readings("headers.content-type.literal")
def test_documented_media_type_is_taken(readings: Readings, clause: Clause) -> None:
    """
    The documented Content-Type is taken as it is written.
    """
    readings.keep(clause)
