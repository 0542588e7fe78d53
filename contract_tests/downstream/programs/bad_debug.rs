// A debug command that forgets its task_id.
use client::models::ActionInstanceDebugCommand;

pub fn command(parameter: String) -> ActionInstanceDebugCommand {
    ActionInstanceDebugCommand::new(Default::default(), parameter)
}
