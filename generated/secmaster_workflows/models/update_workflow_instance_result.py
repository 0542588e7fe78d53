# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schema UpdateWorkflowInstanceResult.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, final

from attrs import field, frozen

from secmaster_workflows._runtime.model import Check, Model, check_extra
from secmaster_workflows.types import UNSET, Unset


@final
@frozen(kw_only=True)
class UpdateWorkflowInstanceResult(Model):
    """
    What the service says of a command that it accepted.

    Attributes:
        code: The error code; "00000000" in the example of a success.
        message: What went wrong, in words; empty in the example of a success.
        success: True when the request succeeded, false when it failed.
        request_id: Names the request in the logs of the service.
    """

    code: str | Unset = field(default=UNSET, validator=Check("code", {"type": "string"}, required=False))
    message: str | Unset = field(default=UNSET, validator=Check("message", {"type": "string"}, required=False))
    success: bool | Unset = field(default=UNSET, validator=Check("success", {"type": "boolean"}, required=False))
    request_id: str | Unset = field(default=UNSET, validator=Check("request_id", {"type": "string"}, required=False))
    additional_properties: Mapping[str, Any] = field(factory=dict[str, Any], hash=False, validator=check_extra)

    _names: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "code": "code",
            "message": "message",
            "success": "success",
            "request_id": "request_id",
        }
    )
    _required: ClassVar[tuple[str, ...]] = ()
    _success: ClassVar[Mapping[str, Any]] = MappingProxyType({"success": True})
