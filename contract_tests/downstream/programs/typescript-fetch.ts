// Sends commands by the client that openapi-generator makes for TypeScript (fetch).
import { debug, token, url } from './environment'
import { Configuration, type WorkflowInstanceCommand, WorkflowsApi } from './generated'

const api = new WorkflowsApi(new Configuration({ basePath: url, apiKey: token }))

const send = (instanceId: string, workflowInstanceCommand: WorkflowInstanceCommand) =>
  api.updateWorkflowInstance({ projectId: 'p', workspaceId: 'w', instanceId, workflowInstanceCommand })

export const cases = {
  retry: () => send('retry', { commandType: 'ActionInstanceRetryCommand' }),
  terminate: () => send('terminate', { commandType: 'ActionInstanceTerminateCommand' }),
  debug: () =>
    send('debug', {
      commandType: 'ActionInstanceDebugCommand',
      taskId: debug.task_id,
      inputDataobject: debug.input_dataobject,
    }),
  // bad debug
  'bad-debug': () =>
    send('bad-debug', { commandType: 'ActionInstanceDebugCommand', inputDataobject: debug.input_dataobject }),
}
