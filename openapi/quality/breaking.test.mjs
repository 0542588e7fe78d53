// The breaking-change check finds what breaks a client and is silent about what does not. Run by `make lint-spec`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { breakingChanges } from './breaking.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const contract = () => parse(readFileSync(here('../secmaster-workflows.yaml'), 'utf8'))
const operation = (document) => Object.values(document.paths)[0].put
const debug = ({ components }) => components.schemas.ActionInstanceDebugCommand
const result = ({ components }) => components.schemas.UpdateWorkflowInstanceResult
const text = { type: 'string', description: 'Some text.' }

const BREAKING = {
  'a command is removed': (document) => {
    const { schemas } = document.components
    schemas.WorkflowInstanceCommand.oneOf.splice(1, 1)
    delete schemas.WorkflowInstanceCommand.discriminator.mapping.ActionInstanceRetryCommand
    delete schemas.ActionInstanceRetryCommand
  },
  'a command is called otherwise': ({ components }) => {
    components.schemas.ActionInstanceRetryCommand.properties.command_type.const = 'Retry'
  },
  'task_id is required everywhere': ({ components }) => {
    components.schemas.ActionInstanceRetryCommand.required.push('task_id')
    components.schemas.ActionInstanceTerminateCommand.required.push('task_id')
  },
  'a type is another': (document) => void (debug(document).properties.task_id.type = 'integer'),
  'a string gets a minimum': (document) => void (debug(document).properties.task_id.minLength = 1),
  'a string gets a pattern': (document) => void (debug(document).properties.task_id.pattern = '^[0-9a-f-]+$'),
  'unknown fields are refused': (document) => void (debug(document).additionalProperties = false),
  'an answer loses a field': (document) => void delete result(document).properties.success,
  'an answer has a field of another type': (document) => void (result(document).properties.success.type = 'string'),
  'a status is gone': (document) => void delete operation(document).responses['400'],
  'the path is another': ({ paths }) => {
    const [path] = Object.keys(paths)
    paths[path.replace('workflows', 'flows')] = paths[path]
    delete paths[path]
  },
  'the media type is another': (document) => {
    const { requestBody } = operation(document)
    requestBody.content = { 'application/xml': Object.values(requestBody.content)[0] }
  },
  'a query is required': (document) => {
    operation(document).parameters.push({ name: 'q', in: 'query', required: true, schema: text })
  },
  'the token has another header': ({ components }) => void (components.securitySchemes.XAuthToken.name = 'X-Token'),
}

const HARMLESS = {
  nothing: () => {},
  'prose is another': ({ info }) => void (info.description = 'Other words.'),
  'an answer gets an optional field': (document) => void (result(document).properties.data = text),
  'a body gets an optional field': (document) => void (debug(document).properties.reason = text),
  'an optional query is new': (document) => {
    operation(document).parameters.push({ name: 'q', in: 'query', schema: text })
  },
  'a mandatory field becomes optional': (document) => void debug(document).required.pop(),
  'a status is new': (document) => void (operation(document).responses['409'] = { description: 'A conflict.' }),
  'a command is new': ({ components: { schemas } }) => {
    schemas.Pause = { type: 'object', properties: { command_type: { type: 'string', const: 'Pause' } } }
    schemas.WorkflowInstanceCommand.oneOf.push({ $ref: '#/components/schemas/Pause' })
    schemas.WorkflowInstanceCommand.discriminator.mapping.Pause = '#/components/schemas/Pause'
  },
}

for (const [change, apply] of Object.entries(BREAKING)) {
  test(`it breaks clients that ${change}`, () => {
    const current = contract()
    apply(current)
    assert.notDeepEqual(breakingChanges(contract(), current), [])
  })
}

for (const [change, apply] of Object.entries(HARMLESS)) {
  test(`it breaks nobody that ${change}`, () => {
    const current = contract()
    apply(current)
    assert.deepEqual(breakingChanges(contract(), current), [])
  })
}

function run(change, version) {
  const current = contract()
  change(current)
  current.info.version = version ?? current.info.version
  const path = join(mkdtempSync(join(tmpdir(), 'breaking-')), 'current.yaml')
  writeFileSync(path, stringify(current))
  return spawnSync(process.execPath, [here('breaking.mjs'), here('../secmaster-workflows.yaml'), path], { encoding: 'utf8' })
}

test('a breaking change fails and names its place and both values', () => {
  const { status, stdout } = run(BREAKING['a type is another'])
  assert.equal(status, 1)
  assert.match(stdout, /properties\/task_id\/type: "string" -> "integer"/)
})

test('a new major version may break clients', () => {
  assert.equal(run(BREAKING['a type is another'], '2.0.0').status, 0)
  assert.equal(run(BREAKING['a type is another'], '1.9.0').status, 1)
})

test('a harmless change passes without a word', () => {
  const { status, stdout } = run(HARMLESS['an answer gets an optional field'])
  assert.deepEqual([status, stdout], [0, ''])
})

test('a file that is not there gets a sentence', () => {
  const { status, stderr } = spawnSync(process.execPath, [here('breaking.mjs'), 'no-such-file'], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /no-such-file/)
  assert.doesNotMatch(stderr, /\n {4}at /)
})
