# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schemas of the contract by the part that they play.
"""

from typing import Final, TypeAlias

from .commands import WorkflowInstanceCommand
from .models import (
    GatewayErrorResponse,
    UpdateWorkflowInstanceResult,
)

AnyCommand: TypeAlias = WorkflowInstanceCommand
Result: TypeAlias = UpdateWorkflowInstanceResult
GATEWAY_SHAPES: Final = (GatewayErrorResponse,)
