"""`python -m secmaster_contract.mock`: the command `secmaster-contract mock` by itself."""

from secmaster_contract.mock.command import mock

mock(prog_name="secmaster-contract mock")
