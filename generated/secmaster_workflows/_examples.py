# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
# ruff: noqa: E501 - texts as the contract has them
"""
The examples of answers that the contract gives.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

BY_OPERATION: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "updateWorkflowInstance": {
            "200 success": {"code": "00000000", "message": "", "request_id": "", "success": True},
            "200 failure": {
                "code": "SecMaster.20039999",
                "message": "The command was not carried out.",
                "request_id": "",
                "success": False,
            },
            "400 invalid-parameter": {"code": "SecMaster.20030001", "message": "Invalid parameter."},
            "400 wrong-state": {"code": "SecMaster.11061001", "message": "Wrong process status."},
            "400 no-such-project": {"code": "SecMaster.20030002", "message": "Invalid project ID."},
            "400 another-workspace": {"code": "SecMaster.20041001", "message": "Invalid workspace ID."},
            "400 another-project": {"code": "SecMaster.20041003", "message": "Invalid project ID."},
            "401 token-missing": {
                "error_code": "APIGW.0301",
                "error_msg": "Incorrect IAM authentication information: x-auth-token not found",
                "request_id": "",
            },
            "401 token-wrong": {
                "error_code": "APIGW.0301",
                "error_msg": "Incorrect IAM authentication information: decrypt token fail",
                "request_id": "",
            },
            "401 token-expired": {
                "error_code": "APIGW.0301",
                "error_msg": "Incorrect IAM authentication information: token expires",
                "request_id": "",
            },
            "403 workspace": {"code": "SecMaster.20010001", "message": "Invalid workspace ID."},
            "404 no-such-api": {
                "error_code": "APIGW.0101",
                "error_msg": "The API does not exist or has not been published in the environment.",
                "request_id": "",
            },
            "413 too-large": {"error_code": "APIGW.0201", "error_msg": "Request entity too large.", "request_id": ""},
            "429 throttled": {
                "error_code": "APIGW.0308",
                "error_msg": "The throttling threshold has been reached: policy api over ratelimit,limit:10,time:1 minute",
                "request_id": "",
            },
            "5XX backend-timeout": {"error_code": "APIGW.0201", "error_msg": "Backend timeout.", "request_id": ""},
            "5XX unknown": {"code": "SecMaster.20039999", "message": "Unknown error."},
        }
    }
)
"""
By operation, and "<status> <name>"; one is made where a success has none.
"""
