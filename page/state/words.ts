const WHOLE = new Intl.NumberFormat('en')
const CLOSE = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** A count: 1,204 or, where that is long, 1.2M. */
export function count(value: number): string {
  return value < 100_000 ? WHOLE.format(value) : SHORT.format(value)
}

/** A number of things, such as `1 rule` or `2 rules`. */
export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`
}

/** A rate: 0, 0.25, 3.5, 1,204. */
export function rate(value: number): string {
  if (value >= 100) return count(Math.round(value))
  return value >= 10 ? value.toFixed(0) : CLOSE.format(value)
}

/** A short or long time: 8 ms, 1.2 s, 3 min. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? CLOSE.format(ms) : Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

/** The time of day of an ISO 8601 time, where the browser is. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB')
}

/** The time of an ISO 8601 time, with its day unless that is today. */
export function moment(iso: string): string {
  const time = new Date(iso)
  const isToday = time.toDateString() === new Date().toDateString()
  return isToday ? clock(iso) : `${time.toLocaleDateString('en-CA')} ${clock(iso)}`
}

/** Whether an ISO 8601 time is over. */
export function isPast(iso: string | null): iso is string {
  return iso !== null && Date.parse(iso) <= Date.now()
}
