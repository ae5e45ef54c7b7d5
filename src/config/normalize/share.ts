/** Gives what was made for an equal key before, else makes it. `what` tells keys of different things apart. */
export type Share = <Made>(what: string, key: unknown, make: () => Made) => Made

/**
 * Creates what lets the routes of one file share their parts: thousands of routes mostly say the same,
 * what they share stays in the processor's caches, and the collector has less to walk.
 */
export function createShare(): Share {
  const made = new Map<string, unknown>()
  return <Made>(what: string, key: unknown, make: () => Made): Made => {
    const name = `${what} ${JSON.stringify(key)}`
    if (!made.has(name)) made.set(name, make())
    return made.get(name) as Made
  }
}
