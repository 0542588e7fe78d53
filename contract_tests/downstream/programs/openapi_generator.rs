// Sends commands by the client that openapi-generator makes for Rust (its library "reqwest", blocking).
mod bad_debug;

use client::apis::configuration::{ApiKey, Configuration};
use client::apis::workflows_api::update_workflow_instance;
use client::models::{
    ActionInstanceDebugCommand, ActionInstanceRetryCommand, ActionInstanceTerminateCommand, WorkflowInstanceCommand,
};
use serde_json::{json, Value};

fn send(configuration: &Configuration, name: &str, command: WorkflowInstanceCommand) {
    let refused = update_workflow_instance(configuration, "p", "w", name, command).err().map(|error| error.to_string());
    println!("{}", json!({ "case": name, "refused": refused }));
}

fn main() {
    let environment = |name| std::env::var(name).expect(name);
    let examples: Value = serde_json::from_str(&environment("EXAMPLES")).expect("EXAMPLES is JSON");
    let field = |name| examples["debug"][name].as_str().expect(name).to_string();
    let configuration = Configuration {
        base_path: environment("MOCK_URL"),
        api_key: Some(ApiKey { prefix: None, key: environment("MOCK_TOKEN") }),
        ..Configuration::default()
    };

    // Each type's only value of command_type is its default.
    let retry = ActionInstanceRetryCommand::new(Default::default());
    send(&configuration, "retry", WorkflowInstanceCommand::ActionInstanceRetryCommand(Box::new(retry)));
    let terminate = ActionInstanceTerminateCommand::new(Default::default());
    send(&configuration, "terminate", WorkflowInstanceCommand::ActionInstanceTerminateCommand(Box::new(terminate)));
    let debug = ActionInstanceDebugCommand {
        command_type: Default::default(),
        task_id: field("task_id").into(),
        input_dataobject: field("input_dataobject"),
    };
    send(&configuration, "debug", WorkflowInstanceCommand::ActionInstanceDebugCommand(Box::new(debug)));
    let bad = bad_debug::command(field("input_dataobject"));
    send(&configuration, "bad-debug", WorkflowInstanceCommand::ActionInstanceDebugCommand(Box::new(bad)));
}
