# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schema ErrorResponse.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, final

from attrs import field, frozen

from secmaster_workflows._runtime.model import Check, Model, check_extra
from secmaster_workflows.types import UNSET, Unset


@final
@frozen(kw_only=True)
class ErrorResponse(Model):
    """
    Why the service rejected the request.

    Attributes:
        code: The error code.
        message: What went wrong, in words.
    """

    code: str | Unset = field(default=UNSET, validator=Check("code", {"type": "string"}, required=False))
    message: str | Unset = field(default=UNSET, validator=Check("message", {"type": "string"}, required=False))
    additional_properties: Mapping[str, Any] = field(factory=dict[str, Any], hash=False, validator=check_extra)

    _names: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "code": "code",
            "message": "message",
        }
    )
    _required: ClassVar[tuple[str, ...]] = ()
