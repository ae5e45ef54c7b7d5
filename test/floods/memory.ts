import { residentMiB } from '../support/keyway-process.ts'

const EVERY_MS = 50

/** Follows a process's resident memory from now on; `stop` gives by how much it was over now's at most. */
export function watchMemory(pid: number): { readonly stop: () => number } {
  const idle = residentMiB(pid)
  let most = idle
  const timer = setInterval(() => {
    try {
      most = Math.max(most, residentMiB(pid))
    } catch {
      // It has ended, which is told elsewhere.
    }
  }, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return most - idle
    },
  }
}
