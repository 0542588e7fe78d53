// Says whether the contract breaks clients of the last release: node breaking.mjs [RELEASED [CURRENT]]
//
// Without arguments the contract is compared with its state at the last tag v*. Exit status: 0 nothing breaks (or the
// major version says that something may), 1 something breaks, 2 a file or the arguments are at fault.
//
// Differs that were weighed on the cases of breaking.test.mjs in November 2026: Specmatic 2.55.1's
// backward-compatibility-check passes over a minLength of 1 and over additionalProperties: false, and compares branches
// of git alone; the npm package of openapi-changes holds no binary and fetches one when it is installed; oasdiff is on
// neither npm nor PyPI; optic 1.0.9 passes over a removed command and a minLength. api-smart-diff reports all but the two
// kinds below.
import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { apiCompare } from 'api-smart-diff'
import { parse } from 'yaml'

const CONTRACT = fileURLToPath(new URL('../secmaster-workflows.yaml', import.meta.url))

// What api-smart-diff 1.0.6 passes over, and why it breaks somebody all the same.
const OVERLOOKED = [
  // A client that reads a documented field of an answer no longer finds it.
  ({ action, path }) => action === 'remove' && path.includes('responses') && path.at(-2) === 'properties',
  // A body with a further field was valid and is not any more.
  ({ action, path, after }) =>
    action !== 'remove' && path.includes('requestBody') && path.at(-1) === 'additionalProperties' && after === false,
]

/**
 * Compares two OpenAPI documents.
 * @returns {{place: string, action: string, before: unknown, after: unknown}[]} the changes that break a client
 */
export function breakingChanges(released, current) {
  const { diffs } = apiCompare(released, current)
  const found = diffs.filter((diff) => diff.type === 'breaking' || OVERLOOKED.some((sees) => sees(diff)))
  // A component is reported at its own place and again wherever it is used; the use says which operation breaks.
  const used = found.filter((diff) => diff.path[0] === 'paths')
  return (used.length > 0 ? used : found).map(({ path, action, before, after }) => {
    return { place: `/${path.map(escape).join('/')}`, action, before, after }
  })
}

const escape = (token) => String(token).replaceAll('~', '~0').replaceAll('/', '~1')

const major = (document) => Number(String(document.info.version).split('.')[0])

function lastRelease() {
  const git = (...words) => execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  let tag
  try {
    tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*').trim()
  } catch {
    return undefined
  }
  return { name: tag, text: git('show', `${tag}:openapi/secmaster-workflows.yaml`) }
}

function main(words) {
  if (words.length > 2) throw new Error('usage: node breaking.mjs [RELEASED [CURRENT]]')
  const release = words[0] ? { name: words[0], text: readFileSync(words[0], 'utf8') } : lastRelease()
  if (!release) {
    console.log('nothing was released yet: there is no tag v* to compare with')
    return 0
  }
  const [released, current] = [parse(release.text), parse(readFileSync(words[1] ?? CONTRACT, 'utf8'))]
  const changes = breakingChanges(released, current)
  for (const { place, action, before, after } of changes) {
    const [was, is] = [before, after].map((value) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing')
    console.log(`breaks clients of ${release.name}: ${action} at ${place}: ${was} -> ${is}`)
  }
  if (changes.length > 0 && major(current) > major(released)) {
    console.log(`version ${current.info.version} says so`)
    return 0
  }
  return changes.length > 0 ? 1 : 0
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 2
  }
}
