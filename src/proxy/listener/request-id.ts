import { randomBytes } from 'node:crypto'

const SANE = /^[\x21-\x7e]{1,128}$/

/** Creates the source of request ids: a random start for each process, then a counter. */
export function createRequestIds(): (sent: string | undefined) => string {
  const base = randomBytes(6).toString('hex')
  let count = 0
  return (sent) => {
    if (sent !== undefined && SANE.test(sent)) return sent
    count += 1
    return `${base}-${count.toString(36)}`
  }
}
