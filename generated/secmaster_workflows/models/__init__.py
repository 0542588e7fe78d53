# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schemas of the contract, a class each.
"""

from .action_instance_debug_command import ActionInstanceDebugCommand
from .action_instance_retry_command import ActionInstanceRetryCommand
from .action_instance_terminate_command import ActionInstanceTerminateCommand
from .error_response import ErrorResponse
from .gateway_error_response import GatewayErrorResponse
from .update_workflow_instance_result import UpdateWorkflowInstanceResult

__all__ = (
    "ActionInstanceDebugCommand",
    "ActionInstanceRetryCommand",
    "ActionInstanceTerminateCommand",
    "ErrorResponse",
    "GatewayErrorResponse",
    "UpdateWorkflowInstanceResult",
)
