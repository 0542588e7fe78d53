"""
A scenario: which faults the server commits, per instance, in sequence or by chance.

    seed: 7
    instances:
      my-instance:
        sequence: [none, {fault: throttled, retry_after: 2}, {fault: server-error, code: 503}, none]
        repeat: true
      "*":
        probability: {reset: 0.05, slow-drip: 0.1}

The name of an entry is the last parameter of a path, or the operationId where the path has none; `"*"` stands for
all that have no entry of their own. What an instance meets depends on the seed, its id and the
number of its requests, never on other instances.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openapi_contract import Contract
from openapi_contract.samples import Samples
from secmaster_contract.mock.answers import Answers
from secmaster_contract.mock.documents import read_document
from secmaster_contract.mock.errors import ScenarioError, UnreadableError
from secmaster_contract.mock.faults import FAULTS, Fault
from secmaster_contract.shipped import shipped_contract

_SETTINGS: Mapping[str, tuple[type, ...]] = {
    "code": (int,),
    "example": (str,),
    "retry_after": (int,),
    "executed": (bool,),
    "seconds": (int, float),
}
_LONGEST = 60


@dataclass(frozen=True)
class Part:
    """What one instance, or every other one, meets: a sequence, or chances by fault."""

    sequence: tuple[Fault, ...] = ()
    repeat: bool = False
    chances: tuple[tuple[Fault, float], ...] = ()

    def faults(self, seed: str) -> Iterator[Fault | None]:
        """Yield the fault of each request in turn; None for a request that meets none."""
        yield from self.sequence
        while self.repeat:
            yield from self.sequence
        # Reproducible on purpose; nothing here is a secret.
        chance = random.Random(seed)  # noqa: S311  seeded so that it can be had again
        while True:
            drawn, found = chance.random(), None
            for fault, probability in self.chances:
                if drawn < probability:
                    found = fault
                    break
                drawn -= probability
            yield found


@dataclass(frozen=True)
class Scenario:
    """The parts by instance id."""

    parts: Mapping[str, Part]
    seed: int = 0

    @classmethod
    def load(cls, path: Path, *, seed: int | None = None, contract: Contract | None = None) -> Scenario:
        """Read a scenario from a JSON or YAML file; `seed` wins over the file's own.

        Raises:
            ScenarioError: The file cannot be read or does not describe one.
        """
        try:
            scenario = cls.parse(read_document(path), contract)
        except UnreadableError as error:
            raise ScenarioError(f"the scenario {path} {error}") from None
        except ScenarioError as error:
            raise ScenarioError(f"the scenario {path} is wrong: {error}") from None
        return scenario if seed is None else replace(scenario, seed=seed)

    @classmethod
    def parse(cls, value: Any, contract: Contract | None = None) -> Scenario:
        """Read a scenario for a contract, by default the shipped one, from plain values.

        Raises:
            ScenarioError: It is not one.
        """
        contract = contract or shipped_contract()
        samples = Samples(contract)
        answers = [Answers(operation, samples) for operation in contract.operations]
        root = _object(value, "the document", ("seed", "instances"))
        seed = root.get("seed", 0)
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise ScenarioError("seed is a whole number")
        instances = root.get("instances")
        if not isinstance(instances, dict) or not instances:
            raise ScenarioError('it needs `instances`, an object by instance id or "*"')
        return cls({str(name): _part(part, f"instances.{name}", answers) for name, part in instances.items()}, seed)


@dataclass
class Course:
    """Where each instance stands in a scenario."""

    scenario: Scenario
    _turns: dict[str, Iterator[Fault | None]] = field(default_factory=dict)

    def next(self, instance_id: str) -> Fault | None:
        """Return the fault that the next request to an instance meets."""
        if instance_id not in self._turns:
            parts = self.scenario.parts
            part = parts.get(instance_id) or parts.get("*")
            if part is None:
                return None
            self._turns[instance_id] = part.faults(f"{self.scenario.seed}/{instance_id}")
        return next(self._turns[instance_id])


def _object(value: Any, place: str, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ScenarioError(f"{place} is not an object")
    for name in value:
        if name not in known:
            raise ScenarioError(f"{place} has {str(name)!r}; known are {', '.join(known)}")
    return value


def _part(value: Any, place: str, answers: list[Answers]) -> Part:
    part = _object(value, place, ("sequence", "repeat", "probability"))
    sequence, chances, repeat = part.get("sequence", []), part.get("probability", {}), part.get("repeat", False)
    if not isinstance(sequence, list):
        raise ScenarioError(f"{place}.sequence is not a list")
    if not isinstance(chances, dict):
        raise ScenarioError(f"{place}.probability is not an object")
    if not isinstance(repeat, bool) or (repeat and not sequence):
        raise ScenarioError(f"{place}.repeat is true or false, and needs a sequence")
    for name, chance in chances.items():
        if not isinstance(chance, int | float) or isinstance(chance, bool) or not 0 <= chance <= 1:
            raise ScenarioError(f"{place}.probability.{name} is a number from 0 to 1")
    if sum(chances.values()) > 1:
        raise ScenarioError(f"{place}.probability adds up to more than 1")
    return Part(
        tuple(_fault(entry, f"{place}.sequence[{index}]", answers) for index, entry in enumerate(sequence)),
        repeat,
        tuple((_fault(name, f"{place}.probability", answers), float(chance)) for name, chance in chances.items()),
    )


def _fault(value: Any, place: str, answers: list[Answers]) -> Fault:
    entry = {"fault": value} if isinstance(value, str) else value
    entry = dict(_object(entry, place, ("fault", *_SETTINGS)))
    name = entry.pop("fault", None)
    if not isinstance(name, str) or name not in FAULTS:
        raise ScenarioError(f"{place} names no fault; known are {', '.join(FAULTS)}")
    for key, kinds in _SETTINGS.items():
        if key in entry and type(entry[key]) not in kinds:
            raise ScenarioError(f"{place}.{key} is no {' or '.join(kind.__name__ for kind in kinds)}")
    if not 200 <= entry.get("code", 200) <= 599:
        raise ScenarioError(f"{place}.code is a status from 200 to 599")
    if not 0 <= entry.get("seconds", 0) <= _LONGEST:
        raise ScenarioError(f"{place}.seconds is from 0 to {_LONGEST}")
    if entry.get("retry_after", 0) < 0:
        raise ScenarioError(f"{place}.retry_after is from 0")
    fault = replace(FAULTS[name], **entry)
    lacks = [fault.lack(own) for own in answers]
    # A fault is fit for any contract as it is; what an entry asks for beyond it has to be documented.
    if all(lacks) and ({"code", "example"} & set(entry) or fault.unsuccessful):
        raise ScenarioError(f"{place}: {lacks[0]}")
    return fault
