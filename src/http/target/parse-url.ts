/**
 * Parses an absolute URL.
 *
 * `URL.canParse` of Node 20 and 22 says no to letters of Latin-1, once it was called often enough to
 * be optimized: what `new URL` takes is asked of `new URL`.
 *
 * @returns null for what is no URL
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
