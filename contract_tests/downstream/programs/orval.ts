// Sends commands by the fetch client that orval makes, checked by its zod schemas; its URL is relative by default.
import { debug, token, url } from './environment'
import { updateWorkflowInstance, type WorkflowInstanceCommand } from './generated/client'
import { UpdateWorkflowInstanceBody } from './generated/zod'

const plainFetch = globalThis.fetch
globalThis.fetch = (path, options) => plainFetch(url + String(path), options)

const send = (instance: string, command: WorkflowInstanceCommand) => {
  UpdateWorkflowInstanceBody.parse(command)
  return updateWorkflowInstance('p', 'w', instance, command, { headers: { 'X-Auth-Token': token } })
}

export const cases = {
  retry: () => send('retry', { command_type: 'ActionInstanceRetryCommand' }),
  terminate: () => send('terminate', { command_type: 'ActionInstanceTerminateCommand' }),
  debug: () => send('debug', { command_type: 'ActionInstanceDebugCommand', ...debug }),
  // bad debug
  'bad-debug': () =>
    send('bad-debug', { command_type: 'ActionInstanceDebugCommand', input_dataobject: debug.input_dataobject }),
}
