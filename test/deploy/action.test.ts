import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { buildProgram } from '../support/keyway-process.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { inputs, outputs, runs } = parse(readFileSync(`${root}action.yml`, 'utf8'))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

const BASE = `version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /v1/* }, upstream: up, rules: [{ name: only, use: x-api-key }] }
tests:
  - { name: it goes, request: { path: /v1/x }, expect: { route: all } }
`
const MOVED = BASE.replace('use: x-api-key', 'use: authorization bearer')
const DOUBTFUL = BASE.replace('upstreams: {', "upstreams: { spare: 'https://x.example.com',")
const BAD = BASE.replace('upstream: up,', 'upstream: ub,')
const FAILING = BASE.replace('expect: { route: all }', 'expect: { route: all, path: /y }')

const work = mkdtempSync(join(tmpdir(), 'keyway-action-'))
afterAll(() => rmSync(work, { recursive: true }))
const bin = join(work, 'bin')

/** A program on the PATH that a step runs; the real keyway, others as they are asked. */
function command(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

/** A clone as actions/checkout leaves it: one commit of the branch, none of what it goes to. */
function checkOut(name: string, head: string, base: string | null = BASE): string {
  const origin = join(work, `${name}-origin`)
  mkdirSync(join(origin, 'config'), { recursive: true })
  git(origin, 'init', '--quiet', '--initial-branch=main')
  if (base !== null) writeFileSync(join(origin, 'config/routes.yaml'), base)
  writeFileSync(join(origin, 'README'), name)
  git(origin, 'add', '.')
  git(origin, 'commit', '--quiet', '-m', 'base')
  git(origin, 'switch', '--quiet', '-c', 'change')
  writeFileSync(join(origin, 'config/routes.yaml'), head)
  git(origin, 'add', '.')
  git(origin, 'commit', '--quiet', '-m', 'head', '--allow-empty')
  const clone = join(work, name)
  git(work, 'clone', '--quiet', '--depth=1', '--branch=change', `file://${origin}`, clone)
  return clone
}

interface Outcome {
  /** Code of each step that ran, up to the first that fails. */
  readonly codes: Readonly<Record<string, number | null>>
  readonly printed: string
  readonly summary: string
  readonly changed: string
}

/** Runs the action's steps as a runner does. */
function run(cwd: string, event: string, given: Readonly<Record<string, string>> = {}): Outcome {
  const temp = mkdtempSync(join(work, 'temp-'))
  const [summary, output] = [join(temp, 'summary'), join(temp, 'output')]
  for (const file of [summary, output]) writeFileSync(file, '')
  const value = (name: string): string => given[name] ?? inputs[name].default
  const fill = (text: string): string =>
    text
      .replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name) => value(name))
      .replaceAll('${{ github.event.pull_request.number }}', '7')
      .replaceAll('${{ github.token }}', 'TEST')
  const codes: Record<string, number | null> = {}
  let printed = ''
  for (const step of runs.steps) {
    if (!holds(step.if, event, value('comment'))) continue
    const own = Object.entries(step.env as Record<string, string>)
    const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd,
      encoding: 'utf8',
      env: {
        ...Object.fromEntries(own.map(([name, text]) => [name, fill(text)])),
        PATH: `${bin}:${process.env.PATH}`,
        HOME: temp,
        RUNNER_TEMP: temp,
        GITHUB_ACTION_PATH: root,
        GITHUB_BASE_REF: 'main',
        GITHUB_REPOSITORY: 'o/r',
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
      },
    })
    codes[step.name] = done.status
    printed += done.stdout + done.stderr
    if (done.status !== 0) break
  }
  const [, changed = ''] = /^changed=(.*)$/m.exec(readFileSync(output, 'utf8')) ?? []
  return { codes, printed, summary: readFileSync(summary, 'utf8'), changed }
}

function holds(condition: string | undefined, event: string, comment: string): boolean {
  const known: Readonly<Record<string, boolean>> = {
    '': true,
    "github.event_name == 'pull_request'": event === 'pull_request',
    "github.event_name == 'pull_request' && inputs.comment == 'true'":
      event === 'pull_request' && comment === 'true',
  }
  const answer = known[condition ?? '']
  if (answer === undefined)
    throw new Error(`a condition that this runner does not know: ${condition}`)
  return answer
}

/** A gh that has a comment of ours already, or none, and writes down what it is asked. */
function fakeGh(existing: string): void {
  command(
    'gh',
    `echo "$@" >> ${work}/asked
for word; do case $word in body=@*) cat "\${word#body=@}" > ${work}/body;; esac; done
case $* in *--paginate*) echo ${existing};; esac`,
  )
  rmSync(join(work, 'asked'), { force: true })
}

const asked = (): string[] =>
  existsSync(join(work, 'asked')) ? readFileSync(join(work, 'asked'), 'utf8').split('\n') : []

beforeAll(() => {
  mkdirSync(bin)
  command('keyway', `exec "${process.execPath}" "${buildProgram()}" "$@"`)
}, 60_000)

describe('a pull request', () => {
  test('that moves a credential is told so, in one comment', () => {
    const clone = checkOut('moved', MOVED)
    fakeGh('')
    const first = run(clone, 'pull_request')
    expect(first).toMatchObject({
      codes: { Install: 0, Check: 0, Test: 0, Compare: 0, Comment: 0 },
      changed: 'true',
    })
    expect(first.summary).toContain('### What changes in `config/routes.yaml`')
    expect(first.summary).toContain('| another credential leaves, or in another place |')
    expect(asked()[1]).toMatch(/^api --silent --method POST repos\/o\/r\/issues\/7\/comments /)
    expect(readFileSync(join(work, 'body'), 'utf8')).toBe(`<!-- keyway -->\n${first.summary}`)
    fakeGh('41')
    run(clone, 'pull_request')
    expect(asked()[1]).toMatch(/^api --silent --method PATCH repos\/o\/r\/issues\/comments\/41 /)
  })

  test('that decides nothing otherwise says so', () => {
    fakeGh('')
    const { changed, summary } = run(checkOut('same', `${BASE}# a comment\n`), 'pull_request')
    expect(changed).toBe('false')
    expect(summary).toContain('No request is decided otherwise.')
  })

  test('that brings the file, or mends one that was not valid', () => {
    fakeGh('')
    const brings = run(checkOut('new', BASE, null), 'pull_request')
    expect([brings.changed, brings.summary]).toEqual([
      'true',
      '### `config/routes.yaml` is new\n\n',
    ])
    const mends = run(checkOut('mends', BASE, BAD), 'pull_request')
    expect(mends.changed).toBe('true')
    expect(mends.summary).toContain('what was there before is not valid')
  })

  test('that moves more than a comment holds is told so in whole lines, and that there is more', () => {
    fakeGh('')
    const many = (use: string): string =>
      Array.from({ length: 300 }, (_, index) => {
        const rule = `{ name: k${index}-${'x'.repeat(90)}, use: ${use} }`
        return `  - { name: r${index}, match: { path: /é${index}/* }, upstream: up, rules: [${rule}] }\n`
      }).join('')
    const base = BASE.replace('tests:', `${many('x-api-key')}tests:`)
    const head = BASE.replace('tests:', `${many('authorization bearer')}tests:`)
    const { codes, summary } = run(checkOut('many', head, base), 'pull_request')
    expect(codes).toMatchObject({ Compare: 0, Comment: 0 })
    const body = readFileSync(join(work, 'body'), 'utf8')
    expect(summary.length).toBeGreaterThan(65_536)
    expect(body.length).toBeLessThan(65_536)
    const lines = body.trimEnd().split('\n')
    expect(lines.slice(-2)).toEqual(['', '**There is more:** the summary of the job has it all.'])
    expect(summary).toContain(`${lines.slice(1, -2).join('\n')}\n`)
  })

  test('of a fork, whose token may not comment, passes', () => {
    command('gh', 'exit 1')
    const { codes, printed } = run(checkOut('fork', MOVED), 'pull_request')
    expect(codes).toMatchObject({ Comment: 0 })
    expect(printed).toContain('::notice title=keyway::this token may not comment')
  })

  test('is not commented on where nobody wants it', () => {
    fakeGh('')
    const { codes } = run(checkOut('quiet', MOVED), 'pull_request', { comment: 'false' })
    expect(codes).toEqual({ Install: 0, Check: 0, Test: 0, Compare: 0 })
    expect(asked()).toEqual([])
  })
})

test.each([
  { name: 'sound', head: BASE, given: {}, codes: { Install: 0, Check: 0, Test: 0 }, says: '' },
  {
    name: 'bad',
    head: BAD,
    given: {},
    codes: { Install: 0, Check: 1 },
    says: '::error file=config/routes.yaml,line=4,col=52,endColumn=54,title=undefined-upstream::',
  },
  {
    name: 'failing',
    head: FAILING,
    given: {},
    codes: { Install: 0, Check: 0, Test: 1 },
    says: '::error file=config/routes.yaml,line=6,col=5,title=test failed%3A it goes::',
  },
  {
    name: 'doubtful',
    head: DOUBTFUL,
    given: { strict: 'true' },
    codes: { Install: 0, Check: 1 },
    says: '::warning file=config/routes.yaml,line=2',
  },
])('a push is checked and tested: $name', ({ name, head, given, codes, says }) => {
  const outcome = run(checkOut(`push-${name}`, head), 'push', given)
  expect(outcome.codes).toEqual(codes)
  expect(outcome.printed).toContain(says)
  expect([outcome.changed, outcome.summary]).toEqual(['', ''])
})

test('it installs the version that is asked for, or its own where there is no keyway', () => {
  command('npm', `echo "$@" > ${work}/installed`)
  const installed = (given: Readonly<Record<string, string>>, path: string): string => {
    rmSync(join(work, 'installed'), { force: true })
    const done = spawnSync('bash', [`${root}deploy/action/install.sh`], {
      env: { PATH: path, GITHUB_ACTION_PATH: root, ...given },
    })
    expect(done.status).toBe(0)
    return existsSync(join(work, 'installed')) ? readFileSync(join(work, 'installed'), 'utf8') : ''
  }
  const all = `${bin}:/usr/bin:/bin`
  expect(installed({ KEYWAY_VERSION: '9.9.9' }, all)).toContain('keyway-proxy@9.9.9\n')
  expect(installed({ KEYWAY_VERSION: '' }, all)).toBe('')
  rmSync(join(bin, 'keyway'))
  expect(installed({ KEYWAY_VERSION: '' }, all)).toContain(`keyway-proxy@${version}\n`)
})

test('the page on it names every input', () => {
  const page = readFileSync(`${root}docs/ci.md`, 'utf8')
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(named).toEqual(Object.keys(inputs))
})

test('its output is a step of its own', () => {
  const ids = runs.steps.flatMap(({ id }: { id?: string }) => id ?? [])
  const [, id] = /steps\.(\w+)\.outputs\.changed/.exec(outputs.changed.value) ?? []
  expect(ids).toContain(id)
})
