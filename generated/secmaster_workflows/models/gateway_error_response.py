# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schema GatewayErrorResponse.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, final

from attrs import field, frozen

from secmaster_workflows._runtime.model import Check, Model, check_extra
from secmaster_workflows.types import UNSET, Unset


@final
@frozen(kw_only=True)
class GatewayErrorResponse(Model):
    """
    Why the API gateway in front of the service rejected the request or gave it up.

    Attributes:
        error_code: The error code; it begins with `APIGW.` or `APIG.`.
        error_msg: What went wrong, in words.
        request_id: Names the request in the logs of the gateway.
    """

    error_code: str = field(validator=Check("error_code", {"type": "string"}, required=True))
    error_msg: str = field(validator=Check("error_msg", {"type": "string"}, required=True))
    request_id: str | Unset = field(default=UNSET, validator=Check("request_id", {"type": "string"}, required=False))
    additional_properties: Mapping[str, Any] = field(factory=dict[str, Any], hash=False, validator=check_extra)

    _names: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "error_code": "error_code",
            "error_msg": "error_msg",
            "request_id": "request_id",
        }
    )
    _required: ClassVar[tuple[str, ...]] = (
        "error_code",
        "error_msg",
    )
