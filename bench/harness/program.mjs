import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const pageKiB = 4

/** Starts a program on one core and returns it when its port accepts connections. */
export async function startProgram({ name, core, command, port, env = {}, cwd }) {
  const pinned = ['-c', `ulimit -n $(ulimit -Hn) && exec taskset -c ${core} "$@"`, 'sh', ...command]
  const child = spawn('sh', pinned, {
    cwd,
    // nginx is not on every user's path.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...env },
    // What it logs goes nowhere: reading it would cost time on the contender's own core.
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  const keep = (chunk) => {
    output = (output + chunk).slice(-4000)
  }
  child.stderr.on('data', keep)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const program = {
    name,
    pid: child.pid,
    port,
    output: () => output,
    stop: () => stop(child, exited),
  }
  await waitForPort(program, child)
  return program
}

async function waitForPort(program, child) {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`${program.name} ended: ${program.output()}`)
    if (await accepts(program.port)) return
    await sleep(50)
  }
  await program.stop()
  throw new Error(`${program.name} does not listen on ${program.port}: ${program.output()}`)
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function stop(child, exited) {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
  await exited
  clearTimeout(timer)
}

/** CPU seconds that a process has used since it began, its children's too. */
export function cpuSeconds(pid) {
  return processTree(pid).reduce((sum, id) => sum + ownCpuSeconds(id), 0)
}

function ownCpuSeconds(pid) {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.reduce((sum, thread) => sum + threadCpuSeconds(pid, thread), 0)
}

// Counts nanoseconds, where /proc/PID/stat counts hundredths of a second.
function threadCpuSeconds(pid, thread) {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9
}

/** Resident memory of a process and its children, in bytes. */
export function residentBytes(pid) {
  return processTree(pid).reduce((sum, id) => sum + ownResidentBytes(id), 0)
}

function ownResidentBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageKiB * 1024
}

function processTree(pid) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readParent)
  const below = (id) => [
    id,
    ...parents.filter((entry) => entry.parent === id).flatMap(({ id }) => below(id)),
  ]
  return below(pid)
}

function readParent(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    return { id: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }
  } catch {
    return { id: Number(name), parent: 0 } // it ended meanwhile
  }
}
