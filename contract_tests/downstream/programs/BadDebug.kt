// A debug command that forgets its task_id.
import org.openapitools.client.models.ActionInstanceDebugCommand

fun badDebug(parameter: String) =
    ActionInstanceDebugCommand(
        commandType = ActionInstanceDebugCommand.CommandType.ActionInstanceDebugCommand,
        inputDataobject = parameter,
    )
