import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { fileErrorOf } from '../files/file-error.ts'
import { describeError } from '../observability/describe-error.ts'
import type { LogFields, Logger } from '../observability/logger.ts'
import type { ReloadResult } from './reload.ts'

/** Where a reload is told of. */
export interface ReportOptions {
  readonly file: string
  readonly log: Logger
  /** Prints findings for people, as `check` does. */
  readonly print: (diagnostics: readonly Diagnostic[]) => void
  /** Hears of each reload too. */
  readonly onReload?: (result: ReloadResult) => void
}

/** Tells of one reload: its findings for people, and one line in the log. */
export function reportReload(result: ReloadResult, options: ReportOptions): void {
  const { file, log, print, onReload } = options
  onReload?.(result)
  const fields: LogFields = { config: file, generation: result.generation }
  if (result.diagnostics.length > 0) print(result.diagnostics)
  switch (result.outcome) {
    case 'applied':
      log.info({ ...fields, changes: listed(result.changes) }, 'configuration applied')
      if (result.needsRestart.length > 0) {
        log.warn({ ...fields, settings: result.needsRestart }, 'these settings need a restart')
      }
      return
    case 'unchanged':
      log.debug(fields, 'configuration unchanged')
      return
    case 'restored':
      log.info(fields, 'configuration is the live one again')
      return
    case 'refused':
      log.error(
        { ...fields, findings: findings(result) },
        'configuration refused, last good one stays',
      )
      return
    case 'unreadable':
      log.error(
        { ...fields, reason: fileErrorOf(result.error).message },
        'configuration unreadable, last good one stays',
      )
      return
    case 'failed':
      log.error({ ...fields, error: describeError(result.error) }, 'reload failed')
  }
}

const listedMost = 50

function listed(lines: readonly string[]): readonly string[] {
  const rest = lines.length - listedMost
  return rest > 0 ? [...lines.slice(0, listedMost), `and ${rest} more`] : lines
}

// Messages quote the file, and a file may hold what should not be in a log: codes and places do not.
function findings(result: ReloadResult): readonly string[] {
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  return listed(errors.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`))
}
