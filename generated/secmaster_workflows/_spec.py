# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
What the contract fixes for every request.
"""

from typing import Final

DISTRIBUTION: Final = "secmaster-workflows"
METHOD: Final = "PUT"
PATH: Final = ["/v1/", "project_id", "/workspaces/", "workspace_id", "/soc/workflows/instances/", "instance_id", ""]
"""
Literal parts and the names of path parameters in turn.
"""
PATH_PARAMETERS: Final = PATH[1::2]
CONTENT_TYPE: Final = "application/json;charset=UTF-8"
TOKEN_HEADER: Final = "X-Auth-Token"  # noqa: S105 - the name of the header, no token
SUCCESS_STATUS: Final = 200
ENDPOINT_TEMPLATE: Final = "https://secmaster.{region}.myhuaweicloud.com"
REGIONS: Final = (
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
ANSWER_NAMES: Final = [
    "code",
    "error_code",
    "error_msg",
    "message",
    "request_id",
    "retry-after",
    "success",
    "x-request-id",
]
"""
The names of the fields and headers that documented answers have.
"""
REQUEST_ID_HEADER: Final = "x-request-id"
CODE_FIELDS: Final = ["code", "error_code"]
MESSAGE_FIELDS: Final = ["message", "error_msg"]
REQUEST_ID_FIELDS: Final = ["request_id"]
