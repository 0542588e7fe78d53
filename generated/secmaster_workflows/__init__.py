# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
A client for SecMaster workflow instances.

```python
from secmaster_workflows import WorkflowsClient

with WorkflowsClient() as client:  # or region=..., token=..., project_id=..., workspace_id=...
    result = client.retry(instance_id)
```

A call gives a result that says `success: true`, or raises one error, which tells what may have happened:

```python
from secmaster_workflows import CallError, CommandFailedError, RefusedError

with WorkflowsClient() as client:
    try:
        client.retry(instance_id)
    except (RefusedError, CommandFailedError) as error:
        print(error.status, error.code, error.message, error.request_id)  # not carried out, and why
    except CallError as error:
        print(error)
        if error.sent != "no":
            print("Perhaps carried out: look at the instance before sending it again.")
```

- A token that expires: pass a function that gives the current one. It is called for each call, and once
more
  after a 401. `AsyncWorkflowsClient` takes an async one too, and awaits it within the deadline.
- Other options for some calls: `client.with_options(timeout=5).retry(instance_id)`, over the same
connections.
- Header fields of your own: `headers={"X-Language": "en-us"}`, for the client or for one call.
- A CA of your own: `ssl_context=ssl.create_default_context(cafile=...)`. A proxy: `proxy=...`.
  The environment (SSL_CERT_FILE, HTTPS_PROXY) decides neither.
- To watch: the logger `secmaster_workflows` tells each attempt at DEBUG, `on_attempt=` gets it,
  and with OpenTelemetry installed each call is a span whose context the request carries. The token is in
  none of them.
- To look first: `client.dry_run(instance_id, command)` gives the request and sends none.

In tests of your own, answers come from the contract's examples, without a socket:

```python
from secmaster_workflows import ThrottledError
from secmaster_workflows.testing import ExampleTransport

transport = ExampleTransport("429 throttled")
try:
    WorkflowsClient(transport=transport, max_retries=0).terminate(instance_id)
except ThrottledError:
    print("refused:", transport.commands)
```

Importing this loads nothing else: each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._runtime.options import (
        AttemptRecord as AttemptRecord,
    )
    from ._runtime.options import (
        CallOptions as CallOptions,
    )
    from ._runtime.options import (
        Options as Options,
    )
    from ._runtime.request import (
        DryRun as DryRun,
    )
    from .client import (
        AsyncWorkflowsClient as AsyncWorkflowsClient,
    )
    from .client import (
        WorkflowsClient as WorkflowsClient,
    )
    from .commands import (
        COMMANDS as COMMANDS,
    )
    from .commands import (
        WorkflowInstanceCommand as WorkflowInstanceCommand,
    )
    from .commands import (
        parse_command as parse_command,
    )
    from .errors import (
        AuthenticationError as AuthenticationError,
    )
    from .errors import (
        CallError as CallError,
    )
    from .errors import (
        CallTimeoutError as CallTimeoutError,
    )
    from .errors import (
        CommandFailedError as CommandFailedError,
    )
    from .errors import (
        ConfigurationError as ConfigurationError,
    )
    from .errors import (
        ConnectionFailedError as ConnectionFailedError,
    )
    from .errors import (
        GatewayError as GatewayError,
    )
    from .errors import (
        InvalidArgumentError as InvalidArgumentError,
    )
    from .errors import (
        InvalidCommandError as InvalidCommandError,
    )
    from .errors import (
        InvalidModelError as InvalidModelError,
    )
    from .errors import (
        NotFoundError as NotFoundError,
    )
    from .errors import (
        RefusedError as RefusedError,
    )
    from .errors import (
        SecMasterError as SecMasterError,
    )
    from .errors import (
        ServerError as ServerError,
    )
    from .errors import (
        ThrottledError as ThrottledError,
    )
    from .errors import (
        UndocumentedAnswerError as UndocumentedAnswerError,
    )
    from .models import (
        ActionInstanceDebugCommand as ActionInstanceDebugCommand,
    )
    from .models import (
        ActionInstanceRetryCommand as ActionInstanceRetryCommand,
    )
    from .models import (
        ActionInstanceTerminateCommand as ActionInstanceTerminateCommand,
    )
    from .models import (
        ErrorResponse as ErrorResponse,
    )
    from .models import (
        GatewayErrorResponse as GatewayErrorResponse,
    )
    from .models import (
        UpdateWorkflowInstanceResult as UpdateWorkflowInstanceResult,
    )
    from .types import (
        UNSET as UNSET,
    )
    from .types import (
        Unset as Unset,
    )


_MODULES = {
    "AsyncWorkflowsClient": "client",
    "WorkflowsClient": "client",
    "COMMANDS": "commands",
    "parse_command": "commands",
    "WorkflowInstanceCommand": "commands",
    "UNSET": "types",
    "Unset": "types",
    "AttemptRecord": "_runtime.options",
    "CallOptions": "_runtime.options",
    "Options": "_runtime.options",
    "DryRun": "_runtime.request",
    "ActionInstanceTerminateCommand": "models",
    "ActionInstanceRetryCommand": "models",
    "ActionInstanceDebugCommand": "models",
    "UpdateWorkflowInstanceResult": "models",
    "ErrorResponse": "models",
    "GatewayErrorResponse": "models",
    "SecMasterError": "errors",
    "InvalidArgumentError": "errors",
    "InvalidModelError": "errors",
    "InvalidCommandError": "errors",
    "ConfigurationError": "errors",
    "CallError": "errors",
    "CommandFailedError": "errors",
    "RefusedError": "errors",
    "AuthenticationError": "errors",
    "NotFoundError": "errors",
    "ThrottledError": "errors",
    "ServerError": "errors",
    "GatewayError": "errors",
    "UndocumentedAnswerError": "errors",
    "CallTimeoutError": "errors",
    "ConnectionFailedError": "errors",
}

__all__ = (
    "COMMANDS",
    "UNSET",
    "ActionInstanceDebugCommand",
    "ActionInstanceRetryCommand",
    "ActionInstanceTerminateCommand",
    "AsyncWorkflowsClient",
    "AttemptRecord",
    "AuthenticationError",
    "CallError",
    "CallOptions",
    "CallTimeoutError",
    "CommandFailedError",
    "ConfigurationError",
    "ConnectionFailedError",
    "DryRun",
    "ErrorResponse",
    "GatewayError",
    "GatewayErrorResponse",
    "InvalidArgumentError",
    "InvalidCommandError",
    "InvalidModelError",
    "NotFoundError",
    "Options",
    "RefusedError",
    "SecMasterError",
    "ServerError",
    "ThrottledError",
    "UndocumentedAnswerError",
    "Unset",
    "UpdateWorkflowInstanceResult",
    "WorkflowInstanceCommand",
    "WorkflowsClient",
    "parse_command",
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = globals()[name] = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
