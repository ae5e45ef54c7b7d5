import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { type Contender, type Headers, type Outcome, onlyCredentials } from './contender.ts'
import { readFragment } from './fragments.ts'

/** Envoy's Lua filter from the page, in LuaJIT, with a stand-in for Envoy. */
export function createEnvoyScript(folder: string): Contender {
  const file = join(folder, 'envoy.lua')
  writeFileSync(file, findText(parse(readFragment('Envoy', 'yaml')), 'inline_string'))
  return runsScript((lines) => run('luajit', [standIn('envoy-stand-in.lua'), file], lines))
}

/** Kong's pre-function from the page, in LuaJIT, with a stand-in for Kong's PDK. */
export function createKongScript(folder: string): Contender {
  const file = join(folder, 'kong.lua')
  writeFileSync(file, findText(parse(readFragment('Kong', 'yaml')), 'access'))
  return runsScript((lines) => run('luajit', [standIn('kong-stand-in.lua'), file], lines))
}

/** Traefik's plugin from the page, compiled with Go, in the place of a middleware. */
export function createTraefikPlugin(folder: string): Contender {
  const module = join(folder, 'traefik')
  mkdirSync(join(module, 'credential'), { recursive: true })
  writeFileSync(join(module, 'go.mod'), 'module example.com/compare\n\ngo 1.19\n')
  writeFileSync(join(module, 'credential', 'credential.go'), readFragment('Traefik', 'go'))
  cpSync(standIn('traefik-stand-in.go'), join(module, 'main.go'))
  const program = join(module, 'compare')
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: module,
    env: { ...process.env, GOFLAGS: '-mod=mod', GOCACHE: join(folder, 'go-cache') },
  })
  return runsScript((lines) => run(program, [], lines))
}

function runsScript(decide: (lines: string) => string): Contender {
  return {
    async decide(requests) {
      const lines = requests.map(toLine).join('\n')
      return decide(`${lines}\n`).trimEnd().split('\n').map(toOutcome)
    },
    close: async () => {},
  }
}

/** One request a line: name, tab, value, tab, name, tab… */
function toLine(headers: Headers): string {
  return headers.flat().join('\t')
}

/** One outcome a line: the status 400, or the headers in the same form. */
function toOutcome(line: string): Outcome {
  if (/^\d+$/.test(line)) return Number(line)
  const words = line === '' || line === '-' ? [] : line.split('\t')
  const headers = words.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), words[index + 1] ?? ''] as const] : [],
  )
  return onlyCredentials(headers)
}

function run(command: string, args: readonly string[], input: string): string {
  return execFileSync(command, args, { input, encoding: 'utf8' })
}

function standIn(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** The first text, or first of a list of texts, under a key, at any depth. */
function findText(node: unknown, key: string): string {
  if (typeof node !== 'object' || node === null) return ''
  const own = (node as Record<string, unknown>)[key]
  if (typeof own === 'string') return own
  if (Array.isArray(own)) return String(own[0])
  for (const child of Object.values(node)) {
    const found = findText(child, key)
    if (found !== '') return found
  }
  return ''
}
