import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { cores, workFolder } from './machine.mjs'
import { cpuSeconds, residentBytes } from './program.mjs'
import { headers, path, prefix, body as smallBody } from './workload.mjs'

const run = promisify(execFile)
const script = new URL('../load/request.lua', import.meta.url).pathname

/** Writes the requests that wrk and the paced loader send in turn, and returns the file's name. */
export function writeRequests(name, variants) {
  const file = `${workFolder}/${name}.requests`
  writeFileSync(file, variants.map((variant) => `${requestText(variant)}\0`).join(''))
  return file
}

function requestText({ target = prefix + path, extra = {}, drop = [], body = smallBody }) {
  const fields = { host: 'bench.test', ...headers, ...extra, 'content-length': body.length }
  for (const field of drop) delete fields[field]
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\r\n`)
  return `POST ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Loads a program with as many requests as it takes, and returns what it did and used. */
export async function saturate({ program, requests, seconds, connections, scheme = 'http' }) {
  const before = cpuSeconds(program.pid)
  // What takes long is slow, and no failure.
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', script]
  const url = `${scheme}://${scheme === 'https' ? 'localhost' : '127.0.0.1'}:${program.port}`
  const { stdout } = await run('taskset', ['-c', `${cores.load}`, ...wrk, url, '--', requests])
  const result = JSON.parse(stdout.slice(stdout.indexOf('{"requests"')))
  const cpu = cpuSeconds(program.pid) - before
  return {
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50,
    p99Ms: result.p99,
    cpuPer10kMs: (cpu / result.requests) * 1e7,
    busy: cpu / result.seconds,
    residentMiB: residentBytes(program.pid) / 2 ** 20,
    failures: result.refused + result.failed + (result.requests === 0 ? 1 : 0),
  }
}
