// Sends commands by the SDK that hey-api makes, its request validated by zod.
import { debug, token, url } from './environment'
import { updateWorkflowInstance, type WorkflowInstanceCommand } from './generated'
import { client } from './generated/client.gen'

client.setConfig({ baseUrl: url, auth: () => token, throwOnError: true })

const send = (instance_id: string, body: WorkflowInstanceCommand) =>
  updateWorkflowInstance({ path: { project_id: 'p', workspace_id: 'w', instance_id }, body })

export const cases = {
  retry: () => send('retry', { command_type: 'ActionInstanceRetryCommand' }),
  terminate: () => send('terminate', { command_type: 'ActionInstanceTerminateCommand' }),
  debug: () => send('debug', { command_type: 'ActionInstanceDebugCommand', ...debug }),
  // bad debug
  'bad-debug': () =>
    send('bad-debug', { command_type: 'ActionInstanceDebugCommand', input_dataobject: debug.input_dataobject }),
}
