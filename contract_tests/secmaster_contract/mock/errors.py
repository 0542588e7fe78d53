"""What a user gives that cannot be used."""


class UnusableError(Exception):
    """A setting or a file cannot be used; the text says which and why, in one sentence."""


class StateError(UnusableError):
    """A state file cannot be used."""


class ScenarioError(UnusableError):
    """A scenario cannot be used."""


class UnreadableError(UnusableError):
    """A file is not what it was named for."""
