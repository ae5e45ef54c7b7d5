import type { OutgoingHttpHeaders } from 'node:http2'

/** Of the errors of Node: a field came several times of which it writes one. */
const SINGLE_VALUE = 'ERR_HTTP2_HEADER_SINGLE_VALUE'

/** Has fields written as they came, or, where Node writes some of them only once, those that came several times as one (RFC 9110 §5.3). */
export function writeRepeated<Written>(
  headers: OutgoingHttpHeaders,
  write: (headers: OutgoingHttpHeaders) => Written,
): Written {
  try {
    return write(headers)
  } catch (error) {
    if ((error as { code?: string }).code !== SINGLE_VALUE) throw error
    return write(joinRepeated(headers))
  }
}

function joinRepeated(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  // With what has no name, but a symbol: which fields are sensitive.
  const joined = Object.assign(Object.create(null) as OutgoingHttpHeaders, headers)
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value) && name !== 'set-cookie') joined[name] = value.join(', ')
  }
  return joined
}
