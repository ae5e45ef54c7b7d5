import { isScheme } from '../../config/language/schemes.ts'
import type { KindScanner } from '../../config/naming/kind-scanner.ts'
import type { Place } from '../../config/shapes/normal-config.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { RawHeaders } from '../../http/fields/raw-headers.ts'
import { splitTarget } from '../../http/target/request-target.ts'
import type { Classify } from '../classify.ts'
import { createFinder } from '../extract.ts'
import { createFingerprint } from './fingerprint.ts'
import { hideNamed } from './hide-named.ts'
import { SHORTEST_HIDDEN, secretFields } from './secret-fields.ts'

/** Takes credentials out of text that people or programs will read. */
export interface Redactor {
  /** Makes a value known: wherever it stands from now on, its kind and fingerprint stand instead. */
  readonly hide: (value: string) => void
  /** Hides what stands in places of a request. */
  readonly hidePlaces: (request: ShownRequest, places: readonly Place[]) => void
  /** Hides what a request's credential headers, cookies and given query parameters hold. */
  readonly hideRequest: (headers: RawHeaders, moreHeaders: Iterable<string>) => void
  /** First hex digits of a keyed hash: tells one value from another, and no more. */
  readonly fingerprint: (value: string) => string
  /** The text with every hidden value replaced, as it stands or percent-encoded, and whatever else is of a known kind. */
  readonly redact: (text: string) => string
}

/** A request of which parts are shown. */
export interface ShownRequest {
  readonly target: string
  readonly headers: RawHeaders
}

const NONE: ReadonlySet<string> = new Set()

/** Creates a redactor for one command's output; with a scanner it also hides what nobody has told it of. */
export function createRedactor(classify: Classify, scanner: KindScanner | null = null): Redactor {
  const fingerprint = createFingerprint()
  const hidden = new Map<string, string>()
  const hide = (value: string): void => {
    if (value.length < SHORTEST_HIDDEN || hidden.has(value)) return
    const label = `<${classify(value).name} ${fingerprint(value)}>`
    hidden.set(value, label)
    hidden.set(encodeURIComponent(value), label)
  }
  const hideField = (value: string): void => {
    const [first = '', ...rest] = value.trim().split(/[\s;,]+/)
    // A scheme with something behind it is no secret.
    if (rest.length === 0 || !isScheme(first.toLowerCase(), NONE)) rest.push(first)
    for (const part of rest) {
      hide(part)
      hide(part.slice(part.indexOf('=') + 1).replaceAll('"', ''))
    }
  }
  const hidePlaces: Redactor['hidePlaces'] = ({ target, headers }, places) => {
    const names = fieldPairs(headers).map(([name]) => lowerName(name))
    const { query } = splitTarget(target)
    for (const { raw, order } of createFinder(places)(headers, names, query))
      if (places[order]?.in === 'header') hideField(raw)
      else hide(raw)
  }
  const redactKnown = (text: string): string => {
    const longestFirst = [...hidden].sort(([a], [b]) => b.length - a.length)
    return longestFirst.reduce((rest, [value, label]) => rest.replaceAll(value, label), text)
  }
  return {
    hide,
    fingerprint,
    hidePlaces,
    hideRequest: (headers, moreHeaders) => {
      const secret = secretFields(moreHeaders)
      for (const [name, value] of fieldPairs(headers))
        if (secret.has(lowerName(name))) hideField(value)
    },
    redact: (text) => {
      const known = redactKnown(text)
      if (scanner === null) return known
      return hideNamed(known, scanner, ({ name }, value) => `<${name} ${fingerprint(value)}>`)
    },
  }
}
