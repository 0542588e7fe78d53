// A debug command that forgets its task_id where the compiler does not look: a default stands for it.
use client::models::ActionInstanceDebugCommand;

pub fn command(parameter: String) -> ActionInstanceDebugCommand {
    ActionInstanceDebugCommand {
        input_dataobject: parameter,
        ..Default::default()
    }
}
