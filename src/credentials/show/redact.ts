import { headersOf } from '../../config/language/place.ts'
import { lowerName } from '../../http/header-names.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'
import { loadCatalogue } from '../catalogue.ts'
import type { Classify } from '../classify.ts'
import { createFingerprint } from './fingerprint.ts'

/** Takes credentials out of text that people or programs will read. */
export interface Redactor {
  /** Makes a value known: wherever it stands from now on, its kind and fingerprint stand instead. */
  readonly hide: (value: string) => void
  /** Hides what a request's credential headers, cookies and given query parameters hold. */
  readonly hideRequest: (headers: RawHeaders, moreHeaders: Iterable<string>) => void
  /** First hex digits of a keyed hash: tells one value from another, and no more. */
  readonly fingerprint: (value: string) => string
  /** The text with every hidden value replaced, as it stands or percent-encoded. */
  readonly redact: (text: string) => string
}

/** Fields that hold secrets of other sorts. */
const SENSITIVE_HEADERS: readonly string[] = ['cookie', 'set-cookie', 'proxy-authorization']

const SHORTEST = 4

/** Creates a redactor for one command's output. */
export function createRedactor(classify: Classify): Redactor {
  const fingerprint = createFingerprint()
  const hidden = new Map<string, string>()
  const hide = (value: string): void => {
    if (value.length < SHORTEST || hidden.has(value)) return
    const label = `<${classify(value).name} ${fingerprint(value)}>`
    hidden.set(value, label)
    hidden.set(encodeURIComponent(value), label)
  }
  const hideField = (value: string): void => {
    const [first = '', ...rest] = value.trim().split(/[\s;,]+/)
    // A first word with others behind it is the scheme, which is no secret.
    if (rest.length === 0 || first.includes('=')) rest.push(first)
    for (const part of rest) {
      hide(part)
      hide(part.slice(part.indexOf('=') + 1).replaceAll('"', ''))
    }
  }
  return {
    hide,
    fingerprint,
    hideRequest: (headers, moreHeaders) => {
      const known = headersOf(loadCatalogue().places)
      const sensitive = new Set([...SENSITIVE_HEADERS, ...known, ...moreHeaders])
      for (let i = 0; i < headers.length; i += 2)
        if (sensitive.has(lowerName(headers[i] as string))) hideField(headers[i + 1] as string)
    },
    redact: (text) => {
      const longestFirst = [...hidden].sort(([a], [b]) => b.length - a.length)
      return longestFirst.reduce((rest, [value, label]) => rest.replaceAll(value, label), text)
    },
  }
}
