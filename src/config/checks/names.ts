import { asciiHost } from '../../http/target/ascii-host.ts'
import { PathPatternError, parsePathPattern } from '../language/path-pattern.ts'
import { HEADER_NAME } from '../language/placement.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks a path pattern; the fault is pointed at inside it. */
export function checkPathPattern({ report }: CheckContext, path: Path, source: string): void {
  try {
    parsePathPattern(source)
  } catch (error) {
    if (!(error instanceof PathPatternError)) throw error
    const within = { start: error.offset, end: error.offset + 1 }
    report(
      errorAt(path, 'bad-path', `this is no path pattern: ${error.reason}`, {
        within,
        ...(error.hint === null ? {} : { hint: error.hint }),
      }),
    )
  }
}

/** Checks a header's name as a key. */
export function checkHeaderName({ report }: CheckContext, path: Path, name: string): void {
  if (HEADER_NAME.test(name)) return
  const message = name.startsWith(':')
    ? `"${name}" is a pseudo-header, not a field`
    : `"${name}" is no header name`
  report(
    errorAt(path, 'bad-header-name', message, {
      part: 'key',
      hint: 'letters, digits and "-" make one, without ":" and spaces',
    }),
  )
}

const HOST = /^(?:(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i

/** A host with what does not belong there: a scheme, a port, a path. */
const WITH_MORE = /^(?:https?:\/\/|(?!https?:))(\[[^\]]*\]|[^[\]:/]+)(?:[:/].*)?$/i

/** Checks a host name of a match. */
export function checkHost({ report }: CheckContext, path: Path, host: string): void {
  if (HOST.test(host)) return
  report(errorAt(path, 'bad-host', `"${host}" is no host name`, { hint: hostHint(host) }))
}

function hostHint(host: string): string {
  const bare = WITH_MORE.exec(host)?.[1] ?? ''
  if (HOST.test(bare)) return `write ${bare}, without scheme, port and path`
  const ascii = asciiHost(host)
  if (HOST.test(ascii)) return `write ${ascii}, as requests name it`
  return 'write api.example.com, or *.example.com for all names below it'
}
