/**
 * Runs a task one call at a time. Calls with one key that wait for their turn share it: whatever
 * made the second of them ask will be seen by that turn too.
 */
export function inTurn<K, R>(task: (key: K) => Promise<R>): (key: K) => Promise<R> {
  const waiting = new Map<K, Promise<R>>()
  let last: Promise<unknown> = Promise.resolve()
  return (key) => {
    const queued = waiting.get(key)
    if (queued !== undefined) return queued
    const turn = last.then(() => {
      waiting.delete(key)
      return task(key)
    })
    waiting.set(key, turn)
    last = turn.catch(() => {})
    return turn
  }
}
