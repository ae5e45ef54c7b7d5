/** Everything that a run has written or answered, by where it came from. */
export interface Collected {
  readonly where: string
  readonly text: string
}

/** Digits of base64 that depend on bytes beside the value, at either end. */
const EDGE = 4

/** A value as it may stand in a text: plain, percent-encoded, escaped, in hex, and in base64 wherever it begins there. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const percent = encodeURIComponent(value)
  const base64 = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset, 'x'), bytes])
    const inner = shifted.toString('base64').replace(/=+$/, '').slice(EDGE, -EDGE)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const forms = [value, percent, percent.toLowerCase(), JSON.stringify(value).slice(1, -1)]
  return [...new Set([...forms, bytes.toString('hex'), ...base64])]
}

/** Names each credential that is found, in which form and where, with what stands around it. */
export function findCredentials(
  credentials: Readonly<Record<string, string>>,
  collected: readonly Collected[],
): readonly string[] {
  const wanted = Object.entries(credentials).flatMap(([name, value]) =>
    formsOf(value).map((form) => ({ name, form })),
  )
  return collected.flatMap(({ where, text }) =>
    wanted.flatMap(({ name, form }) => {
      const at = text.indexOf(form)
      if (at === -1) return []
      return [`${name} in ${where}: …${text.slice(Math.max(0, at - 80), at + form.length + 20)}…`]
    }),
  )
}
