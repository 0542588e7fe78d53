"""The contract as the rest of the verifier reads it: every fact is looked up in the YAML, none is repeated here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from secmaster_contract.harness import form
from secmaster_contract.harness.places import SpecError, openapi_directory, read_yaml

__all__ = ["Command", "Spec", "SpecError", "join", "load_spec"]

join = form.pointer_of
# The path parameters that the options of a run give.
IDENTIFIERS = ("project_id", "workspace_id", "instance_id")


@dataclass(frozen=True)
class Command:
    """One member of the request body's union.

    `pointer` leads to its component schema; `selector` is the value of the discriminator that selects it.
    """

    name: str
    pointer: str
    schema: Mapping[str, Any]
    selector: str

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the mandatory properties, in the order of the YAML."""
        return tuple(self.schema.get("required", ()))

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """The documented properties and their schemas."""
        properties: Mapping[str, Mapping[str, Any]] = self.schema.get("properties", {})
        return properties

    @property
    def optional(self) -> tuple[str, ...]:
        """The names of the documented properties that may be left out."""
        return tuple(name for name in self.properties if name not in self.required)


@dataclass(frozen=True)
class Spec:
    """One OpenAPI document with one operation."""

    document: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path | None = None) -> Spec:
        """Read the YAML.

        Raises:
            SpecError: The file is missing, is not YAML, or lacks what the verifier needs.
        """
        path = path or openapi_directory() / "secmaster-workflows.yaml"
        return cls(read_yaml(path, lambda document: form.faults_of_contract(document, IDENTIFIERS)))

    def at(self, pointer: str) -> Any:
        """Return what a JSON pointer leads to.

        Raises:
            SpecError: The pointer leads nowhere.
        """
        try:
            return form.at(self.document, pointer)
        except LookupError as error:
            message = f"the contract has nothing at {pointer}"
            raise SpecError(message) from error

    def resolve(self, node: Any) -> Any:
        """Follow `$ref` inside the document until a node without one is reached."""
        while isinstance(node, dict) and "$ref" in node:
            node = self.at(node["$ref"].removeprefix("#"))
        return node

    @cached_property
    def path(self) -> str:
        """The path template of the operation."""
        return str(next(iter(self.document["paths"])))

    @cached_property
    def method(self) -> str:
        """The operation's method, in capitals."""
        item = self.document["paths"][self.path]
        return next(name for name in form.METHODS if name in item).upper()

    @cached_property
    def operation(self) -> Mapping[str, Any]:
        """The operation object."""
        operation: Mapping[str, Any] = self.document["paths"][self.path][self.method.lower()]
        return operation

    @cached_property
    def path_parameters(self) -> tuple[str, ...]:
        """The names of the path parameters, in the order of the path."""
        return tuple(re.findall(r"{([^}]+)}", self.path))

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path with each parameter percent-encoded in its place."""
        return re.sub(r"{([^}]+)}", lambda match: quote(values[match[1]], safe=""), self.path)

    @cached_property
    def token_header(self) -> str:
        """The name of the header that carries the token."""
        schemes = self.document["components"]["securitySchemes"]
        (name,) = self.operation["security"][0]
        return str(schemes[name]["name"])

    @cached_property
    def media_type(self) -> str:
        """The documented Content-Type of a request, to the letter."""
        return str(next(iter(self.operation["requestBody"]["content"])))

    @cached_property
    def _media(self) -> Mapping[str, Any]:
        media: Mapping[str, Any] = self.operation["requestBody"]["content"][self.media_type]
        return media

    @cached_property
    def body_pointer(self) -> str:
        """The JSON pointer of the request body's schema, behind its `$ref`."""
        reference = self._media["schema"].get("$ref")
        if reference:
            return str(reference.removeprefix("#"))
        return join("paths", self.path, self.method.lower(), "requestBody", "content", self.media_type, "schema")

    @cached_property
    def discriminator(self) -> str:
        """The name of the property that selects the command."""
        return str(self.at(self.body_pointer)["discriminator"]["propertyName"])

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The members of the union, in the order of the YAML."""
        union = self.at(self.body_pointer)
        mapping = {pointer: value for value, pointer in union.get("discriminator", {}).get("mapping", {}).items()}
        commands = []
        for member in union.get("oneOf", ()):
            pointer = member["$ref"].removeprefix("#")
            name = pointer.rsplit("/", 1)[-1]
            commands.append(Command(name, pointer, self.at(pointer), mapping.get(member["$ref"], name)))
        return tuple(commands)

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        """For each command's name the words that the others do not share, in lower case: terminate, retry, debug."""
        words = {command.name: re.findall("[A-Z][^A-Z]*|[^A-Z]+", command.name) for command in self.commands}
        shared = set.intersection(*map(set, words.values()))
        return {name: "".join(word for word in own if word not in shared).lower() for name, own in words.items()}

    def command(self, selector: object) -> Command | None:
        """Return the command that a value of the discriminator selects, if any."""
        return next((command for command in self.commands if command.selector == selector), None)

    @cached_property
    def examples(self) -> Mapping[str, Any]:
        """The example requests by name."""
        return {name: example["value"] for name, example in self._media.get("examples", {}).items()}

    def example(self, command: Command) -> dict[str, Any]:
        """Return the example body of a command.

        Raises:
            SpecError: The YAML has none.
        """
        for value in self.examples.values():
            if value.get(self.discriminator) == command.selector:
                return dict(value)
        message = f"the contract has no example of {command.name}; add one under the request body's `examples`"
        raise SpecError(message)

    @cached_property
    def responses(self) -> Mapping[str, Mapping[str, Any]]:
        """The response objects by status, `$ref` followed."""
        return {str(status): self.resolve(response) for status, response in self.operation["responses"].items()}

    @cached_property
    def page_statuses(self) -> tuple[int, ...]:
        """The statuses that the source page itself lists."""
        return tuple(int(status) for status, body in self.responses.items() if body.get("x-origin") != "platform")

    @cached_property
    def success_status(self) -> int:
        """The status of a command that the service took."""
        return next(status for status in self.page_statuses if status < 300)

    @cached_property
    def refusal_status(self) -> int:
        """The status by which the service refuses a request."""
        return next(status for status in self.page_statuses if 400 <= status < 500)

    def response_key(self, status: int) -> str | None:
        """Return the key of `responses` that covers a status (`429`, `5XX`, ...), or None."""
        for key in (str(status), f"{status // 100}XX"):
            if key in self.responses:
                return key
        return None

    def response_schema(self, status: int) -> str | None:
        """Return the JSON pointer of the schema for a status's JSON body, or None where none is documented."""
        key = self.response_key(status)
        if key is None:
            return None
        for media in self.responses[key].get("content", {}).values():
            reference = media.get("schema", {}).get("$ref")
            if reference:
                return str(reference.removeprefix("#"))
        return None


@cache
def load_spec() -> Spec:
    """Read the YAML once a process."""
    return Spec.load()
