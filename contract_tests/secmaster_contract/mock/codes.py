"""
Error codes of the service that the contract itself does not list.

Platform knowledge: seen in the service's other pages, all with status 400.
"""

INVALID_PARAMETER = "SecMaster.20030001"
WRONG_STATE = "SecMaster.11061001"
