// Sends commands by the client that openapi-generator makes for Java (its library "native").
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.WorkflowsApi;
import org.openapitools.client.model.ActionInstanceDebugCommand;
import org.openapitools.client.model.ActionInstanceRetryCommand;
import org.openapitools.client.model.ActionInstanceTerminateCommand;
import org.openapitools.client.model.WorkflowInstanceCommand;

class OpenapiGenerator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static WorkflowsApi api;

  public static void main(String[] arguments) throws Exception {
    JsonNode debug = JSON.readTree(System.getenv("EXAMPLES")).get("debug");
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("MOCK_URL"));
    client.setRequestInterceptor(request -> request.header("X-Auth-Token", System.getenv("MOCK_TOKEN")));
    api = new WorkflowsApi(client);

    send("retry", new WorkflowInstanceCommand(new ActionInstanceRetryCommand()
        .commandType(ActionInstanceRetryCommand.CommandTypeEnum.ACTION_INSTANCE_RETRY_COMMAND)));
    send("terminate", new WorkflowInstanceCommand(new ActionInstanceTerminateCommand()
        .commandType(ActionInstanceTerminateCommand.CommandTypeEnum.ACTION_INSTANCE_TERMINATE_COMMAND)));
    ActionInstanceDebugCommand command = new ActionInstanceDebugCommand()
        .commandType(ActionInstanceDebugCommand.CommandTypeEnum.ACTION_INSTANCE_DEBUG_COMMAND)
        .inputDataobject(debug.get("input_dataobject").textValue());
    send("bad-debug", new WorkflowInstanceCommand(command));
    send("debug", new WorkflowInstanceCommand(command.taskId(debug.get("task_id").textValue())));
  }

  private static void send(String name, WorkflowInstanceCommand command) throws Exception {
    String refused = null;
    try {
      api.updateWorkflowInstance("p", "w", name, command);
    } catch (ApiException | RuntimeException error) {
      refused = error.toString();
    }
    System.out.println(JSON.writeValueAsString(JSON.createObjectNode().put("case", name).put("refused", refused)));
  }
}
