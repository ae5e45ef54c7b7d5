import type { NormalKind } from '../shapes/normal-config.ts'

/** Takes credentials out of a text; what stays has the same length, so that carets still fit. */
export type Mask = (text: string) => string

const RUN = /[A-Za-z0-9_\-.~+=]{12,}/g

/** Where a credential may begin in a run of its characters: at the start, and after what also joins words. */
function startsOf(run: string): readonly number[] {
  return [0, ...[...run.matchAll(/[.~+=]/g)].map((match) => match.index + 1)]
}

/** User and password of a URL. */
const USER_INFO = /(:\/\/)([^\s/?#@"']+)(?=@)/g

function maskUserInfo(_: string, slashes: string, userInfo: string): string {
  return slashes + '*'.repeat(userInfo.length)
}

/** Creates the mask that knows the kinds' prefixes. */
export function createMask(kinds: readonly NormalKind[]): Mask {
  const prefixes = sortedPrefixes(kinds)
  const maskRun = (run: string): string => {
    for (const start of startsOf(run)) {
      const length = credentialStart(run.slice(start), prefixes)
      if (length === null) continue
      const shown = start + length
      return run.slice(0, shown) + '*'.repeat(run.length - shown)
    }
    return run
  }
  return (text) => text.replace(USER_INFO, maskUserInfo).replace(RUN, maskRun)
}

function sortedPrefixes(kinds: readonly NormalKind[]): readonly string[] {
  return kinds.flatMap((kind) => kind.prefixes ?? []).sort((a, b) => b.length - a.length)
}

/** The length of the prefix that a credential starts with; null: it has none, or too little follows it. */
function prefixLength(value: string, prefixes: readonly string[]): number | null {
  const prefix = prefixes.find((candidate) => value.startsWith(candidate))
  if (prefix === undefined) return null
  const rest = value.length - prefix.length
  return rest >= 16 || (prefix.length >= 8 && rest >= 4) ? prefix.length : null
}

/** How much of a text that looks like a credential may be shown: its prefix; null: it looks like none. */
function credentialStart(run: string, prefixes: readonly string[]): number | null {
  const prefix = prefixLength(run, prefixes)
  if (prefix !== null) return prefix
  if (/^eyJ/.test(run) && run.length >= 32) return 3
  return /^[A-Za-z0-9_-]{32,}$/.test(run) && /\d/.test(run) && /[A-Za-z]/.test(run) ? 0 : null
}

/** Creates the test of whether a text as a whole is a credential, by the kinds' prefixes. */
export function createCredentialTest(kinds: readonly NormalKind[]): (text: string) => boolean {
  const prefixes = sortedPrefixes(kinds)
  return (text) => {
    const value = text.replace(/^(bearer|token|basic|key|apikey)\s+/i, '')
    if (!/^[A-Za-z0-9_\-.~+/=]{12,}$/.test(value)) return false
    return (
      /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\./.test(value) || prefixLength(value, prefixes) !== null
    )
  }
}
