/** Puts what a text means into colours, where the reader can see them. */
export interface Paint {
  readonly error: (text: string) => string
  readonly warning: (text: string) => string
  readonly good: (text: string) => string
  readonly faint: (text: string) => string
}

/** Creates a paint that writes the colours of a terminal (ECMA-48 SGR). */
export function createPaint(): Paint {
  const paint =
    (code: number) =>
    (text: string): string =>
      `\x1b[${code}m${text}\x1b[0m`
  return { error: paint(31), warning: paint(33), good: paint(32), faint: paint(2) }
}

const same = (text: string): string => text

/** Writes no colours. */
export const PLAIN: Paint = { error: same, warning: same, good: same, faint: same }
