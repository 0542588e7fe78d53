// A debug command that forgets its task_id where the compiler does not look: it is read from JSON.
import com.fasterxml.jackson.module.kotlin.convertValue
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import org.openapitools.client.models.ActionInstanceDebugCommand

fun badDebug(parameter: String): ActionInstanceDebugCommand =
    jacksonObjectMapper()
        .convertValue(mapOf("command_type" to "ActionInstanceDebugCommand", "input_dataobject" to parameter))
