# Copied from openapi/generator/runtime/_runtime/model.py by `make generate`; do not edit.
"""
What the generated models share: fields that check themselves, reading and writing.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, TypeVar

from secmaster_workflows.errors import InvalidCommandError, InvalidModelError
from secmaster_workflows.types import UNSET

from .checks import Checked, JsonSchema, rules, short
from .strict_json import write_json

if TYPE_CHECKING:
    import attrs

M = TypeVar("M", bound="Model")


class Model(Checked):
    """
    The base of the generated models. They are final and frozen; a field that is absent is `UNSET`.
    """

    __slots__ = ()
    _names: ClassVar[Mapping[str, str]]  # the name of each field in JSON -> the attribute
    _required: ClassVar[tuple[str, ...]]  # the names in JSON of the fields that are always there
    _texts: ClassVar[tuple[str, ...]] = ()  # the names in JSON of the fields that hold JSON as text
    _error: ClassVar[type[InvalidModelError]] = InvalidModelError

    def __init_subclass__(cls) -> None:
        base = cls.__bases__[0]
        if base is not Model and base is not Command:
            raise TypeError(f"{base.__name__} is final: a subclass could change what is sent.")
        super().__init_subclass__()

    def to_dict(self) -> dict[str, Any]:
        """
        The JSON object that this stands for, fields in the order of the contract.
        """
        fields = {name: getattr(self, attribute) for name, attribute in self._names.items()}
        known = {name: value for name, value in fields.items() if value is not UNSET}
        return {**known, **getattr(self, "additional_properties", {})}

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """
        The model of a JSON object.

        Raises:
            InvalidModelError: The object breaks a rule of the schema; InvalidCommandError if it is a command's.
        """
        return _build(cls, source)


class Command(Model):
    """
    The base of the commands.
    """

    __slots__ = ()
    _error = InvalidCommandError


def _build(cls: type[M], source: Mapping[str, Any]) -> M:
    # The private names below are those of the models, which this module is about.
    name, names, error = cls.__name__, cls._names, cls._error
    if not isinstance(source, Mapping):
        raise error(f"{name} is an object, not {type(source).__name__}.", model=name)
    for field in cls._required:
        if field not in source:
            raise error(f"{name}: {field} is required.", model=name, field=field)
    given: dict[str, Any] = {names[field]: value for field, value in source.items() if field in names}
    for field in cls._texts:
        if isinstance(source.get(field), dict | list):  # a caller's object is written as text, one in JSON is a mistake
            kind = type(source[field]).__name__
            raise error(f"{name}: {field} is of type string, not {kind}.", model=name, field=field)
    if len(given) == len(source):
        return cls(**given)
    extra = {field: value for field, value in source.items() if field not in names}
    if not hasattr(cls, "additional_properties"):
        unknown: object = next(iter(extra))
        field, known = unknown if isinstance(unknown, str) else short(unknown), ", ".join(names)
        raise error(f"{name} has no field {short(unknown)}; its fields are {known}.", model=name, field=field)
    given["additional_properties"] = extra
    return cls(**given)


class Check:
    """
    The attrs validator of one field.
    """

    __slots__ = ("_field", "_required", "_rules")

    def __init__(self, field: str, schema: JsonSchema, *, required: bool) -> None:
        self._field = field
        self._required = required
        self._rules = rules(schema)

    def __call__(self, instance: Model, _: "attrs.Attribute[Any]", value: object) -> None:
        if value is UNSET and not self._required:
            return
        for rule in self._rules:
            if fault := rule(value):
                name, error = type(instance).__name__, type(instance)._error  # noqa: SLF001 - of a model
                raise error(f"{name}: {self._field} {fault}.", model=name, field=self._field)


JsonInput: TypeAlias = str | dict[str, Any] | list[Any]
"""
JSON as text, which is sent as it is, or an object or array to be written as JSON.
"""


def json_text(model: str, field: str, value: JsonInput) -> str:
    """
    The text of a field that holds JSON. What is neither object nor array is left for the field's check.
    """
    if not isinstance(value, dict | list):
        return value
    try:
        return write_json(value)
    except ValueError as error:
        reason = str(error)
    message = f"{model}: {field} cannot be written as JSON: {reason}."
    raise InvalidCommandError(message, model=model, field=field)
