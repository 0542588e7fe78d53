// Sends commands by the client that openapi-generator makes for Go.
package main

import (
	"context"
	"encoding/json"
	"os"

	"downstream/client"
)

type outcome struct {
	Case    string  `json:"case"`
	Refused *string `json:"refused"`
}

func main() {
	var examples map[string]map[string]string
	if err := json.Unmarshal([]byte(os.Getenv("EXAMPLES")), &examples); err != nil {
		panic(err)
	}
	debug := examples["debug"]

	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: os.Getenv("MOCK_URL")}}
	api := client.NewAPIClient(configuration).WorkflowsAPI
	keys := map[string]client.APIKey{"XAuthToken": {Key: os.Getenv("MOCK_TOKEN")}}
	ctx := context.WithValue(context.Background(), client.ContextAPIKeys, keys)

	send := func(name string, command client.WorkflowInstanceCommand) {
		_, _, err := api.UpdateWorkflowInstance(ctx, "p", "w", name).WorkflowInstanceCommand(command).Execute()
		said := outcome{Case: name}
		if err != nil {
			refused := err.Error()
			said.Refused = &refused
		}
		if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
			panic(err)
		}
	}

	retry := client.NewActionInstanceRetryCommand("ActionInstanceRetryCommand")
	send("retry", client.ActionInstanceRetryCommandAsWorkflowInstanceCommand(retry))
	terminate := client.NewActionInstanceTerminateCommand("ActionInstanceTerminateCommand")
	send("terminate", client.ActionInstanceTerminateCommandAsWorkflowInstanceCommand(terminate))

	command := client.ActionInstanceDebugCommand{CommandType: "ActionInstanceDebugCommand"}
	command.SetInputDataobject(debug["input_dataobject"])
	send("bad-debug", client.ActionInstanceDebugCommandAsWorkflowInstanceCommand(&command))
	command.SetTaskId(debug["task_id"])
	send("debug", client.ActionInstanceDebugCommandAsWorkflowInstanceCommand(&command))
}
