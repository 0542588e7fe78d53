# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
What the contract fixes for every request.
"""

from typing import Final

DISTRIBUTION: Final = "secmaster-workflows"
ENVIRONMENT: Final = "SECMASTER_"
"""
What the names of environment variables begin with.
"""
SERVER: Final = "https://secmaster.{region}.myhuaweicloud.com"
VARIABLES: Final[dict[str, tuple[str, ...]]] = {
    "region": (
        "cn-north-1",
        "cn-north-2",
        "cn-north-4",
        "cn-north-9",
        "cn-north-11",
        "cn-north-12",
        "cn-east-2",
        "cn-east-3",
        "cn-east-4",
        "cn-east-5",
        "cn-south-1",
        "cn-south-2",
        "cn-southwest-2",
        "cn-southwest-3",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "me-east-1",
        "sa-brazil-1",
        "la-north-2",
        "la-south-2",
        "tr-west-1",
        "af-north-1",
        "af-south-1",
        "eu-west-101",
        "my-kualalumpur-1",
    )
}
"""
The variables in it, with the values of each; none means any.
"""
TOKEN_NEEDED: Final = True
"""
Whether every operation needs a token.
"""
TOKEN_HEADERS: Final[tuple[str, ...]] = ("X-Auth-Token",)
ANSWER_NAMES: Final[tuple[str, ...]] = (
    "code",
    "error_code",
    "error_msg",
    "message",
    "request_id",
    "retry-after",
    "success",
    "x-request-id",
)
"""
The names of the fields and headers that documented answers have.
"""
REQUEST_ID_HEADERS: Final[tuple[str, ...]] = ("x-request-id",)
CODE_FIELDS: Final[tuple[str, ...]] = ("code", "error_code")
MESSAGE_FIELDS: Final[tuple[str, ...]] = ("message", "error_msg")
REQUEST_ID_FIELDS: Final[tuple[str, ...]] = ("request_id",)
