import { onTestFinished, vi } from 'vitest'

/** A clock that stands still until it is told to go on. */
export interface StoppedClock {
  /** Lets this much time pass at once: timers that are due run, in their order. */
  readonly pass: (ms: number) => Promise<void>
}

let resume = (): void => undefined

/**
 * Stops this process's clock and its timers until the test is over, so that nothing is late on a
 * busy machine. Sockets go on; so do their own time-outs, which Node keeps by itself, and undici's:
 * it has one timer for the whole process, which must not be left standing.
 */
export function stopClock(): StoppedClock {
  const real = { setTimeout, clearTimeout }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const stopped = { setTimeout, clearTimeout }
  const running = new WeakSet<object>()
  const set = (...args: Parameters<typeof setTimeout>): NodeJS.Timeout => {
    if (!isOfUndici(new Error().stack)) return stopped.setTimeout(...args)
    const timer = real.setTimeout(...args)
    running.add(timer)
    return timer
  }
  const clear = (timer: NodeJS.Timeout | undefined): void => {
    const from = timer !== undefined && running.has(timer) ? real : stopped
    from.clearTimeout(timer)
  }
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear })
  resume = () => {
    Object.assign(globalThis, stopped)
    vi.useRealTimers()
  }
  onTestFinished(resumeClock)
  return { pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)) }
}

/** Lets the clock go on; does nothing where it does. */
export function resumeClock(): void {
  resume()
  resume = () => undefined
}

/** Whether undici itself set the timer: what it calls is ours. */
function isOfUndici(stack = ''): boolean {
  const caller = stack.split('\n')[2] ?? ''
  return caller.includes('node_modules/undici/')
}
