// Sends commands by the client that openapi-generator makes for Kotlin (its library "jvm-ktor", with Jackson).
import com.fasterxml.jackson.annotation.JsonInclude
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import kotlinx.coroutines.runBlocking
import org.openapitools.client.apis.WorkflowsApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.models.ActionInstanceDebugCommand
import org.openapitools.client.models.ActionInstanceRetryCommand
import org.openapitools.client.models.ActionInstanceTerminateCommand

private val json = jacksonObjectMapper()
private val debug = json.readTree(System.getenv("EXAMPLES")).get("debug")
private val api =
    WorkflowsApi(
        baseUrl = System.getenv("MOCK_URL"),
        jsonBlock = {
            ApiClient.JSON_DEFAULT(this)
            // By default a field that is not given is sent as null, which the contract does not accept.
            setSerializationInclusion(JsonInclude.Include.NON_NULL)
        },
    )

private fun send(name: String, command: () -> Any) {
    var refused: String? = null
    try {
        val answer = runBlocking { api.updateWorkflowInstance("p", "w", name, command()) }
        if (!answer.success) refused = "status ${answer.status}"
    } catch (error: Exception) {
        refused = error.toString()
    }
    println(json.writeValueAsString(mapOf("case" to name, "refused" to refused)))
}

fun main() {
    api.setApiKey(System.getenv("MOCK_TOKEN"))
    val parameter = debug.get("input_dataobject").textValue()

    send("retry") { ActionInstanceRetryCommand(ActionInstanceRetryCommand.CommandType.ActionInstanceRetryCommand) }
    send("terminate") {
        ActionInstanceTerminateCommand(ActionInstanceTerminateCommand.CommandType.ActionInstanceTerminateCommand)
    }
    send("debug") {
        ActionInstanceDebugCommand(
            commandType = ActionInstanceDebugCommand.CommandType.ActionInstanceDebugCommand,
            taskId = debug.get("task_id").textValue(),
            inputDataobject = parameter,
        )
    }
    send("bad-debug") { badDebug(parameter) }
}
