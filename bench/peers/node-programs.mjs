import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { nodePath } from '../harness/machine.mjs'
import { path, prefix } from '../harness/workload.mjs'

/** node:http and a bare socket with nothing around them: what a proxy behind node:http can reach. */
export const ceiling = nodeProgram('ceiling', 'ceiling.mjs')

/** node:http and undici's dispatch with nothing around them; carries streams too. */
export const undici = nodeProgram('node:http, undici', 'undici.mjs')

/** @fastify/http-proxy as its readme shows it. */
export const fastifyHttpProxy = nodeProgram('@fastify/http-proxy', 'fastify-http-proxy.mjs')

function nodeProgram(name, file) {
  const program = new URL(`../programs/${file}`, import.meta.url).pathname
  return {
    name,
    prepare: ({ port, upstreamPort, nodeFlags = [] }) => {
      const origin = `http://127.0.0.1:${upstreamPort}`
      return { command: [nodePath(), ...nodeFlags, program, `${port}`, origin, prefix] }
    },
  }
}

const portkeyProgram = new URL(
  '../node_modules/@portkey-ai/gateway/build/start-server.js',
  import.meta.url,
).pathname

/** Portkey's gateway, told by headers where to go; it puts every Anthropic key into x-api-key. */
export const portkey = {
  name: '@portkey-ai/gateway',
  prepare: ({ port }) => {
    if (!existsSync(portkeyProgram)) installPackages()
    return { command: [nodePath(), portkeyProgram, `--port=${port}`, '--headless'] }
  },
  variants: (upstreamPort) => {
    const host = `http://127.0.0.1:${upstreamPort}/v1`
    const extra = { 'x-portkey-provider': 'anthropic', 'x-portkey-custom-host': host }
    return [{ target: path, extra }]
  },
}

// A package of its own, so that whoever only builds Keyway does not fetch a gateway.
function installPackages() {
  const cwd = new URL('..', import.meta.url)
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    stdio: 'ignore',
  })
}
