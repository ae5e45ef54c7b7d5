import { type FilesReport, verifyFiles } from '../audit/verify-files.ts'
import { fileErrorOf } from '../files/file-error.ts'
import { type Command, didYouMean, parseFlags, UsageError } from './command.ts'
import { auditUsage } from './usage/audit.ts'

/** `keyway audit verify`: whether a trail is as it was written; exit code 1 where it is not. */
export const audit: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, auditUsage)
  const [action, ...files] = positionals
  checkAction(action)
  if (files.length === 0) throw new UsageError('audit verify takes the files of a trail')
  const after = parseHash('after', flags.after)
  const holds = parseHash('holds', flags.holds)
  const report = await verifyFiles({ files, after, holds }).catch((error: unknown) => {
    io.stderr(`keyway: ${files.join(', ')}: ${fileErrorOf(error).message}\n`)
    return null
  })
  if (report === null) return 1
  const text = flags.format === 'json' ? formatJson(report) : formatText(report, files, holds)
  io.stdout(`${text}\n`)
  return report.break === null && report.isFound ? 0 : 1
}

function checkAction(action: string | undefined): void {
  if (action === 'verify') return
  if (action === undefined) throw new UsageError('audit takes an action: verify')
  throw new UsageError(`unknown action "${action}"${didYouMean(action, ['verify'])}`)
}

function parseHash(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new UsageError(`--${flag} takes a SHA-256 in hex, 64 small digits`)
  return text
}

function formatJson({ break: broken, ...report }: FilesReport): string {
  return JSON.stringify(
    { isIntact: broken === null && report.isFound, ...report, break: broken },
    null,
    2,
  )
}

function formatText(report: FilesReport, files: readonly string[], holds: string | null): string {
  const { lines, first, last, break: broken, isFound } = report
  if (broken !== null)
    return `${broken.file}:${broken.line}: ${broken.kind}: ${broken.reason}; the ${lines} before it are intact`
  const name = files.join(' ')
  if (!isFound) return `${name}: cut: no line has the hash ${holds}`
  if (last === null) return `${name}: ok, it holds no lines`
  const count = lines === 1 ? '1 line' : `${lines} lines`
  return `${name}: ok, ${count}, number ${first} to ${last.number}, the last has the hash ${last.hash}`
}
