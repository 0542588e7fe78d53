"""Table 3: the request body."""

import pytest

from secmaster_contract.harness.answer import Examine
from secmaster_contract.harness.vectors import Vector


@pytest.mark.vectors("taken", "optional")
def test_documented_command_is_taken(examine: Examine, vector: Vector) -> None:
    """
    A documented command is taken, with and without its optional fields.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.vectors("example")
def test_example_of_the_page_is_taken(examine: Examine, vector: Vector) -> None:
    """
    An example of the page is taken as it is printed.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.vectors("unrestricted")
def test_text_without_documented_range_is_taken(examine: Examine, vector: Vector) -> None:
    """
    Text of any script and length is taken where the page sets no range.
    """
    answer = examine(vector)

    answer.is_taken()


@pytest.mark.vectors("mandatory")
def test_command_without_a_mandatory_field_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A command that lacks one mandatory field is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("type")
def test_field_of_another_type_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A field that holds another JSON type than the documented one is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("range")
def test_command_out_of_range_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A command_type that is none of the documented values is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("limits")
def test_field_beyond_a_limit_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A field that breaks a further keyword of its schema is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("root")
def test_body_that_is_no_command_is_refused(examine: Examine, vector: Vector) -> None:
    """
    A body that is no JSON object, or none with a command in it, is refused.
    """
    answer = examine(vector)

    answer.is_refused()


@pytest.mark.vectors("circumstance")
def test_rule_holds_under_every_circumstance(examine: Examine, vector: Vector) -> None:
    """
    A rule holds in every form of the body, on every connection, at any time.
    """
    answer = examine(vector)

    answer.is_as_due()
