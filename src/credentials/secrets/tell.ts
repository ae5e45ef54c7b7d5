/** Hears of each change of what a secret or a client's file can be used for. */
export interface SecretListener {
  /** It can't be used from now on, for this reason; null: it can again. */
  readonly onSecret: (name: string, reason: string | null) => void
  readonly onClient: (name: string, reason: string | null) => void
}

/** Reads as before, and notes since when what it gives is as it is. */
export function noteState<T extends { readonly reason: string | null }>(
  read: () => T,
  note: (reason: string | null) => void,
): () => T {
  let noted: string | null | undefined
  return () => {
    const reading = read()
    if (reading.reason !== noted) {
      noted = reading.reason
      note(noted)
    }
    return reading
  }
}

/** Reads as before, and tells of a reason when it comes, changes or goes. */
export function tellOnce<T extends { readonly reason: string | null }>(
  read: () => T,
  tell: (reason: string | null) => void,
): () => T {
  let told: string | null = null
  return () => {
    const reading = read()
    if (reading.reason !== told) {
      told = reading.reason
      tell(told)
    }
    return reading
  }
}
