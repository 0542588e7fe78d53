"""
Error codes of the service, field `code` of its error body.

Platform knowledge: the page points to them and does not list them; each was seen in the service's other pages.
"""

INVALID_PARAMETER = "SecMaster.20030001"
WRONG_STATE = "SecMaster.11061001"
