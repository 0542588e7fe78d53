// Sends commands by openapi-fetch over the types that openapi-typescript makes.
import createClient from 'openapi-fetch'
import { debug, token, url } from './environment'
import type { components, paths } from './generated/schema'

const client = createClient<paths>({ baseUrl: url, headers: { 'X-Auth-Token': token } })

const send = (instance_id: string, body: components['schemas']['WorkflowInstanceCommand']) =>
  client.PUT('/v1/{project_id}/workspaces/{workspace_id}/soc/workflows/instances/{instance_id}', {
    params: { path: { project_id: 'p', workspace_id: 'w', instance_id } },
    body,
  })

export const cases = {
  retry: () => send('retry', { command_type: 'ActionInstanceRetryCommand' }),
  terminate: () => send('terminate', { command_type: 'ActionInstanceTerminateCommand' }),
  debug: () => send('debug', { command_type: 'ActionInstanceDebugCommand', ...debug }),
  // bad debug
  'bad-debug': () =>
    send('bad-debug', { command_type: 'ActionInstanceDebugCommand', input_dataobject: debug.input_dataobject }),
}
