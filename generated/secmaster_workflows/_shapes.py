# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schemas of the contract by the part that they play.
"""

from typing import Final, TypeAlias

from . import models
from ._runtime.model import Model
from .commands import WorkflowInstanceCommand

AnyCommand: TypeAlias = WorkflowInstanceCommand
GATEWAY_SHAPES: Final[tuple[type[Model], ...]] = (models.GatewayErrorResponse,)
