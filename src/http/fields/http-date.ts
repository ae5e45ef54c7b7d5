const MONTHS: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]

const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'
const FORMS: readonly RegExp[] = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^\\w{3}, (?<day>\\d\\d) (?<month>\\w{3}) (?<year>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^\\w{6,9}, (?<day>\\d\\d)-(?<month>\\w{3})-(?<year>\\d\\d) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^\\w{3} (?<month>\\w{3}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
]

/** Reads a date in any of HTTP's three forms (RFC 9110 §5.6.7) as milliseconds since 1970; null where it is none. */
export function parseHttpDate(text: string, now: number): number | null {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (parts) return toTime(parts, now)
  }
  return null
}

function toTime(parts: Readonly<Record<string, string | undefined>>, now: number): number | null {
  const month = MONTHS.indexOf(parts.month ?? '')
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map((name) =>
    Number(parts[name]),
  ) as [number, number, number, number]
  const isReal = month >= 0 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60
  if (!isReal) return null
  return Date.UTC(fullYear(parts.year ?? '', now), month, day, hour, minute, second)
}

/** Two digits that would be more than 50 years ahead are in the past (RFC 9110 §5.6.7). */
function fullYear(year: string, now: number): number {
  if (year.length === 4) return Number(year)
  const present = new Date(now).getUTCFullYear()
  const sameCentury = present - (present % 100) + Number(year)
  return sameCentury > present + 50 ? sameCentury - 100 : sameCentury
}
