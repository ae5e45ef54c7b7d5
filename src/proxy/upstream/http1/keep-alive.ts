/** Earlier than the upstream closes a connection by its own word, as a request may be under way then. */
const MARGIN_MS = 2_000

/** How long an idle connection is kept, given what the file says (0: no limit) and what the upstream says. */
export function earlierOf(ownMs: number, theirMs: number): number {
  const safeMs = Math.max(theirMs - MARGIN_MS, theirMs / 2)
  return ownMs === 0 ? safeMs : Math.min(ownMs, safeMs)
}
