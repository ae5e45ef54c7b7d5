import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { cores, workFolder } from './machine.mjs'
import { cpuSeconds, residentBytes } from './program.mjs'
import { headers, path, prefix } from './workload.mjs'

const run = promisify(execFile)
const streamsPerConnection = 4

/** As `saturate`, by HTTP/2 over TLS: as many streams at once as `connections` says, four a connection. */
export async function saturateHttp2({ program, body, seconds, connections }) {
  const bodyFile = `${workFolder}/h2-${program.port}.body`
  const logFile = `${workFolder}/h2-${program.port}.log`
  writeFileSync(bodyFile, body)
  rmSync(logFile, { force: true })
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const load = [
    ...['h2load', '-t1', `-c${connections / streamsPerConnection}`, `-m${streamsPerConnection}`],
    ...['-D', `${seconds}`, '-d', bodyFile, '--log-file', logFile, ...fields],
  ]
  const url = `https://localhost:${program.port}${prefix}${path}`
  const before = cpuSeconds(program.pid)
  const { stdout } = await run('taskset', ['-c', `${cores.load}`, ...load, url])
  const cpu = cpuSeconds(program.pid) - before
  const { times, refused } = readLog(logFile)
  const failed = Number(/(\d+) failed/.exec(stdout)?.[1] ?? 0)
  const done = times.length
  return {
    requestsPerSecond: done / seconds,
    p50Ms: times[Math.floor(done * 0.5)] / 1000,
    p99Ms: times[Math.floor(done * 0.99)] / 1000,
    cpuPer10kMs: (cpu / done) * 1e7,
    busy: cpu / seconds,
    residentMiB: residentBytes(program.pid) / 2 ** 20,
    failures: refused + failed + (done === 0 ? 1 : 0),
  }
}

// A line a request: when it began, its status (-1: none), how long it took, in microseconds.
function readLog(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean)
  const rows = lines.map((line) => line.split('\t').map(Number))
  const times = rows.map(([, , time]) => time).sort((a, b) => a - b)
  return { times, refused: rows.filter(([, status]) => status !== 200).length }
}
