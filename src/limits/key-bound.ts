/** Stands for all keys over the bound. */
const OTHERS = '\0others'

/**
 * Bounds how many keys have a count of their own within a window of `windowMs`: clients choose their
 * credentials and addresses, so nothing else would.
 */
export function createKeyBound(
  limit: number,
  windowMs: number,
  now: () => number = () => performance.now(),
): (key: string) => string {
  const until = new Map<string, number>()
  return (key) => {
    const time = now()
    if ((until.get(key) ?? 0) > time) return key
    // The oldest stand first: each is put in anew when its window begins.
    for (const [old, end] of until) {
      if (end > time) break
      until.delete(old)
    }
    if (until.size >= limit) return OTHERS
    until.set(key, time + windowMs)
    return key
  }
}
