"""
What the generated models share: fields that check themselves, reading and writing.
"""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar, cast

from secmaster_workflows.errors import InvalidCommandError, InvalidModelError
from secmaster_workflows.types import UNSET

from .checks import Checked, JsonSchema, Rule, check_fields, first_fault, located, rules, short, value_rules, writable
from .strict_json import write_json

if TYPE_CHECKING:
    import attrs

M = TypeVar("M", bound="Model")
T_co = TypeVar("T_co", covariant=True)


class Model(Checked):
    """
    The base of the generated models. They are final and frozen; a field that is absent is `UNSET`.
    """

    __slots__ = ()
    _names: ClassVar[Mapping[str, str]]  # the name of each field in JSON -> the attribute
    _required: ClassVar[tuple[str, ...]]  # the names in JSON of the fields that are always there
    _texts: ClassVar[tuple[str, ...]] = ()  # the names in JSON of the fields that hold JSON as text
    _whole: ClassVar[JsonSchema] = MappingProxyType({})  # the schema, if it has rules that are no single field's
    _success: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # what attributes have where a call succeeded
    _error: ClassVar[type[InvalidModelError]] = InvalidModelError

    def __init_subclass__(cls) -> None:
        base = cls.__bases__[0]
        if base is not Model and base is not Command:
            raise TypeError(f"{base.__name__} is final: a subclass could change what is sent.")
        super().__init_subclass__()

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self._whole:
            _check_whole(self)

    def to_dict(self) -> dict[str, Any]:
        """
        The JSON object that this stands for, fields in the order of the contract.
        """
        fields = {name: getattr(self, attribute) for name, attribute in self._names.items()}
        known = {name: plain(value) for name, value in fields.items() if value is not UNSET}
        return {**known, **plain(dict(getattr(self, "additional_properties", {})))}

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """
        The model of a JSON object.

        Raises:
            InvalidModelError: The object breaks a rule of the schema; InvalidCommandError if it is a command's.
        """
        return _build(cls, source)


def plain(value: Any) -> Any:
    """
    The value of JSON that a value of a field stands for.
    """
    if isinstance(value, Model):
        return value.to_dict()
    if type(value) is list:
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if type(value) is dict else value


def check_model(model: Model) -> None:
    """
    Checks a model again: a frozen object can be changed by force, and what it holds without.
    """
    check_fields(model)
    if model._whole:  # noqa: SLF001 - of a model
        _check_whole(model)


@cache
def _rules_of(cls: type[Model]) -> tuple[Rule, ...]:
    return rules(cls._whole)


def _check_whole(model: Model) -> None:
    kind: Any = type(model)  # attrs gives it a hash that type checkers do not see
    if fault := first_fault(_rules_of(kind), model.to_dict()):
        name, error = type(model).__name__, type(model)._error  # noqa: SLF001 - of a model
        place = re.match(r"\.([^.\[ ]+)", fault)
        raise error(f"{located(name, fault)}.", model=name, field=place[1] if place else "")


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


def check_extra(instance: Model, _: "attrs.Attribute[Any]", value: object) -> None:
    """
    The attrs validator of the fields that the contract does not name.
    """
    fault: str | None = "is a mapping"
    if isinstance(value, Mapping):
        known = next((name for name in value if name in instance._names), None)  # noqa: SLF001 - of a model
        fault = first_fault([writable], plain(dict(value))) if known is None else f"has {known}, which is a field"
    if fault:
        name, error = type(instance).__name__, type(instance)._error  # noqa: SLF001 - of a model
        raise error(f"{name}: {located('additional_properties', fault)}.", model=name, field="additional_properties")


class Check:
    """
    The attrs validator of one field.
    """

    __slots__ = ("_field", "_required", "_rules")

    def __init__(self, field: str, schema: JsonSchema, *, required: bool) -> None:
        self._field = field
        self._required = required
        self._rules = value_rules(schema)

    def __call__(self, instance: Model, _: "attrs.Attribute[Any]", value: object) -> None:
        if value is UNSET and not self._required:
            return
        if fault := first_fault(self._rules, value if type(value) is str else plain(value)):
            name, error = type(instance).__name__, type(instance)._error  # noqa: SLF001 - of a model
            raise error(f"{name}: {located(self._field, fault)}.", model=name, field=self._field)


class ListOf:
    """
    Reads the items of an array.
    """

    def __init__(self, inner: "Reader") -> None:
        self.inner = inner

    def __call__(self, value: Any) -> Any:
        return [read(self.inner, item) for item in value] if type(value) is list else value


class MapOf:
    """
    Reads the values of an object.
    """

    def __init__(self, inner: "Reader") -> None:
        self.inner = inner

    def __call__(self, value: Any) -> Any:
        return {name: read(self.inner, item) for name, item in value.items()} if type(value) is dict else value


class OneOf:
    """
    Reads the first of several alternatives that a value fits.
    """

    def __init__(self, *inner: "Reader") -> None:
        self.inner = inner

    def __call__(self, value: Any) -> Any:
        for reader in self.inner:
            try:
                found = read(reader, value)
            except InvalidModelError:
                continue
            if found is not value:
                return found
        return value


Reader: TypeAlias = type[Model] | ListOf | MapOf | OneOf
"""
What makes models of the JSON of a field.
"""


def read(reader: Reader, value: Any) -> Any:
    """
    The value with models in it for objects; what is not of the shape stays as it is, for the field's check.
    """
    if isinstance(reader, type):
        return reader.from_dict(value) if isinstance(value, Mapping) else value
    return reader(value)


class Shape(Generic[T_co]):
    """
    The documented form of an answer's body: a model, or what its reader makes of what fits its schema.
    """

    def __init__(self, reader: Reader | None = None, schema: JsonSchema | None = None) -> None:
        self._reader = reader
        self._schema = schema

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return rules(self._schema or {})

    def read(self, value: Any) -> T_co:
        """
        The body.

        Raises:
            InvalidModelError: It has another form.
        """
        reader = self._reader
        if self._schema is None and isinstance(reader, type):
            return cast("T_co", reader.from_dict(value))
        if fault := first_fault(self._rules, value):
            raise InvalidModelError(f"{located('it', fault)}.")
        return cast("T_co", value if reader is None else read(reader, value))


JsonInput: TypeAlias = str | dict[str, Any] | list[Any]
"""
JSON as text, which is sent as it is, or an object or array to be written as JSON.
"""


def json_text(kind: type[Model], model: str, field: str, value: JsonInput) -> str:
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
    raise kind._error(message, model=model, field=field)  # noqa: SLF001 - of a model
