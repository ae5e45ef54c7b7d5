const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A length of time such as `30s` in milliseconds. */
export function parseDuration(text: string): number {
  return parse(text, MS)
}

/** A size such as `32MiB` in bytes. */
export function parseSize(text: string): number {
  return parse(text, BYTES)
}

function parse(text: string, units: Readonly<Record<string, number>>): number {
  const [, count, unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? []
  return Number(count) * (units[unit] ?? Number.NaN)
}
