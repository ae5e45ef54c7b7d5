/** Allows so many lines in each second, and tells after it how many were too many. */
export function createLineAllowance(
  mostASecond: number,
  onTooMany: (count: number) => void,
): () => boolean {
  let taken = 0
  let tooMany = 0
  let hasBegun = false
  const end = (): void => {
    hasBegun = false
    if (tooMany > 0) onTooMany(tooMany)
    taken = 0
    tooMany = 0
  }
  return () => {
    if (!hasBegun) setTimeout(end, 1_000).unref()
    hasBegun = true
    taken += 1
    if (taken <= mostASecond) return true
    tooMany += 1
    return false
  }
}
