import { readdirSync, readlinkSync } from 'node:fs'
import { type KeywayProcess, residentMiB } from '../support/keyway-process.ts'

/** What was measured at one moment. */
export interface Sample {
  readonly seconds: number
  readonly rssMiB: number
  /** In use on the heap after a collection, with what hangs on it outside. */
  readonly heapMiB: number
  readonly descriptors: number
  readonly sockets: number
}

/** Node's arguments for a process that collects and tells its heap at SIGUSR2. */
export const TELL_HEAP: readonly string[] = [
  '--expose-gc',
  `--import=data:text/javascript,${encodeURIComponent(`
    process.on('SIGUSR2', () => {
      gc()
      const { heapUsed, external } = process.memoryUsage()
      process.stdout.write(JSON.stringify({ level: 'info', msg: 'heap', bytes: heapUsed + external }) + '\\n')
    })
  `)}`,
]

/** Measures now. */
export async function takeSample(keyway: KeywayProcess, seconds: number): Promise<Sample> {
  keyway.signal('SIGUSR2')
  const { bytes } = await keyway.until('heap')
  const { descriptors, sockets } = countOpen(keyway.pid)
  return {
    seconds: Math.round(seconds),
    rssMiB: residentMiB(keyway.pid),
    heapMiB: Number(bytes) / 2 ** 20,
    descriptors,
    sockets,
  }
}

/** Open files, and the sockets among them. */
export function countOpen(pid: number): { readonly descriptors: number; readonly sockets: number } {
  const names = readdirSync(`/proc/${pid}/fd`)
  const sockets = names.filter((name) => isSocket(`/proc/${pid}/fd/${name}`))
  return { descriptors: names.length, sockets: sockets.length }
}

/** Files close while they are counted. */
function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:')
  } catch {
    return false
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** A table for people. */
export function printTable(samples: readonly Sample[]): string {
  const lines = samples.map(({ seconds, rssMiB, heapMiB, descriptors, sockets }) =>
    [seconds, rssMiB.toFixed(1), heapMiB.toFixed(1), descriptors, sockets].map(pad).join(''),
  )
  return [['seconds', 'RSS MiB', 'heap MiB', 'files', 'sockets'].map(pad).join(''), ...lines].join(
    '\n',
  )
}

function pad(value: string | number): string {
  return String(value).padStart(10)
}
