/** Since when each source can be used, or can't; one for the whole process, so that a reload begins nothing anew. */
export interface SecretStates {
  /** Takes note of what a source can be used for now; null: it can be used. */
  readonly note: (source: string, reason: string | null) => void
  /** As ISO 8601; null: it was never looked at. */
  readonly since: (source: string) => string | null
}

interface State {
  readonly reason: string | null
  readonly since: string
}

/** Sources that reloads may gather; the oldest are forgotten. */
const MOST = 10_000

/** Creates the states of sources that nobody has looked at yet. */
export function createSecretStates(now: () => number = Date.now): SecretStates {
  const states = new Map<string, State>()
  return {
    note(source, reason) {
      const known = states.get(source)
      if (known !== undefined && known.reason === reason) return
      if (known === undefined && states.size >= MOST)
        states.delete(states.keys().next().value ?? '')
      states.set(source, { reason, since: new Date(now()).toISOString() })
    },
    since: (source) => states.get(source)?.since ?? null,
  }
}
