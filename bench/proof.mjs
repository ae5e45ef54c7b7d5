// How long it takes to check and to compare files of 10,000 routes with five rules each, all requests
// considered, and what a pattern without end costs: node bench/proof.mjs (after npm run build).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

const cli = fileURLToPath(new URL('../dist/bin/cli.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyway-proof-'))
const ROUTES = Number(process.argv[2] ?? 10_000)

function rulesOf(index) {
  return [
    { name: 'oauth', if: { credential: { kind: 'anthropic-oauth' } }, use: 'authorization bearer' },
    {
      name: 'team',
      if: { header: { 'x-team': `team-${index}` }, method: 'POST' },
      use: 'x-api-key',
    },
    { name: 'old', if: { path: `/tenant-${index}/v1/*` }, reject: 410 },
    { name: 'key', if: { credential: { matches: '^sk-ant-' } }, use: 'x-api-key' },
    { name: 'rest', use: 'authorization bearer' },
  ]
}

const invariants = [
  { name: 'no OpenAI key leaves for a', never: { upstream: 'a', kind: 'openai' } },
  {
    name: 'what is old is out of reach',
    for: {
      path: '/tenant-7/v1/*',
      not: { credential: { kind: 'anthropic-oauth' } },
      method: 'GET',
    },
    never: { forward: true },
  },
]

function fileOf(change) {
  const routes = Array.from({ length: ROUTES }, (_, index) => ({
    name: `tenant-${index}`,
    match: { path: `/tenant-${index}/*` },
    upstream: 'a',
    rules: rulesOf(index),
  }))
  change(routes)
  const upstreams = {
    a: { url: 'https://a.example.com', accepts: ['anthropic-api-key', 'anthropic-oauth'] },
    b: 'https://b.example.com',
  }
  return stringify({ version: 1, server: { admin: 'off' }, upstreams, routes, invariants })
}

function run(name, args) {
  const begin = performance.now()
  const { status, stdout, stderr } = spawnSync(
    '/usr/bin/env',
    ['time', '-f', '%U %M', process.execPath, cli, ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, KEYWAY_CONFIG_LIMIT: '100MiB' },
      maxBuffer: 1 << 28,
    },
  )
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  const [, busy = '?', kilobytes = '0'] = /([\d.]+) (\d+)\s*$/.exec(stderr) ?? []
  const last = stdout.split('\n').find((line) => /classes of requests|no errors/.test(line)) ?? ''
  const mebibytes = Math.round(Number(kilobytes) / 1024)
  console.log(
    `${name}: ${seconds} s (processor ${busy} s), ${mebibytes} MiB, exit ${status} ${last}`,
  )
}

try {
  const [old, now, endless] = ['old', 'now', 'endless'].map((name) => join(folder, `${name}.yaml`))
  writeFileSync(
    old,
    fileOf(() => {}),
  )
  writeFileSync(
    now,
    fileOf((routes) => {
      for (let at = 0; at < 50; at++) {
        const route = routes[at * Math.floor(ROUTES / 50)]
        if (at % 2 === 0) route.upstream = 'b'
        else route.rules = [route.rules[1], route.rules[0], ...route.rules.slice(2)]
      }
    }),
  )
  const pattern = '^(?:a|b)*a(?:a|b){300}$'
  writeFileSync(
    endless,
    JSON.stringify({
      version: 1,
      upstreams: { echo: 'builtin:echo' },
      routes: [
        {
          name: 'a',
          match: { path: '/a/*' },
          upstream: 'echo',
          rules: [
            { if: { header: { x: { matches: pattern } } }, use: 'none' },
            { if: { header: { x: { matches: pattern.replace('300', '299') } } }, use: 'x-api-key' },
          ],
        },
      ],
    }),
  )
  run('check', ['check', old])
  run('diff with 50 changes', ['diff', old, now])
  run('check of a pattern without end', ['check', endless])
} finally {
  rmSync(folder, { recursive: true })
}
