"""A contract or a ledger that cannot be used ends a command with exit status 2, each problem on its line."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import IO, Any

import click

from openapi_contract.errors import ContractError
from secmaster_contract.people import Voice


class UnusableContract(click.ClickException):
    """What is wrong with a contract; its text has a line a problem."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the problems."""
        del file
        voice = Voice.err()
        for line in self.message.splitlines():
            voice.say(line)


@contextmanager
def told() -> Generator[None]:
    """Tell the problems of a contract as a command tells bad usage.

    Raises:
        UnusableContract: There are some.
    """
    try:
        yield
    except ContractError as error:
        raise UnusableContract(str(error)) from None


class Command(click.Command):
    """A command that tells what is wrong with its contract."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with told():
            return super().invoke(ctx)
