// Sends commands by the client that openapi-generator makes for C# (its library "httpclient").
using System;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Org.OpenAPITools.Api;
using Org.OpenAPITools.Client;
using Org.OpenAPITools.Model;

static class OpenapiGenerator
{
    static WorkflowsApi api;

    static void Main()
    {
        var debug = JObject.Parse(Environment.GetEnvironmentVariable("EXAMPLES"))["debug"];
        var taskId = (string)debug["task_id"];
        var parameter = (string)debug["input_dataobject"];
        var configuration = new Configuration { BasePath = Environment.GetEnvironmentVariable("MOCK_URL") };
        configuration.AddApiKey("X-Auth-Token", Environment.GetEnvironmentVariable("MOCK_TOKEN"));
        api = new WorkflowsApi(configuration);

        const ActionInstanceDebugCommand.CommandTypeEnum type =
            ActionInstanceDebugCommand.CommandTypeEnum.ActionInstanceDebugCommand;
        Send("retry", () => new WorkflowInstanceCommand(new ActionInstanceRetryCommand(
            ActionInstanceRetryCommand.CommandTypeEnum.ActionInstanceRetryCommand)));
        Send("terminate", () => new WorkflowInstanceCommand(new ActionInstanceTerminateCommand(
            ActionInstanceTerminateCommand.CommandTypeEnum.ActionInstanceTerminateCommand)));
        Send("debug", () => new WorkflowInstanceCommand(
            new ActionInstanceDebugCommand(type, taskId: taskId, inputDataobject: parameter)));
        Send("bad-debug", () => new WorkflowInstanceCommand(
            new ActionInstanceDebugCommand(type, inputDataobject: parameter)));
    }

    static void Send(string name, Func<WorkflowInstanceCommand> command)
    {
        string refused = null;
        try
        {
            api.UpdateWorkflowInstance("p", "w", name, command());
        }
        catch (Exception error)
        {
            refused = error.GetType().Name + ": " + error.Message;
        }
        Console.WriteLine("{0}", JsonConvert.SerializeObject(new { @case = name, refused }));
    }
}
