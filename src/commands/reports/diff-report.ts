import type { DescribedChange } from '../../proof/changes/change-words.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import { type Annotation, formatAnnotations } from './github.ts'
import { code, plain } from './markdown.ts'
import { formatSarif, type SarifResult } from './sarif.ts'

/** What differs between two files. */
export interface DiffReport {
  readonly oldFile: string
  readonly newFile: string
  /** What differs in the files, in words. */
  readonly changes: readonly string[]
  /** Requests under `tests:` that are decided otherwise. */
  readonly decisions: readonly ChangedDecision[]
  /** Classes of requests that are decided otherwise, the most dangerous first. */
  readonly classes: readonly DescribedChange[]
  /** Of which requests there is no telling, and why. */
  readonly undetermined: readonly string[]
}

/** A test's request that is decided otherwise. */
export interface ChangedDecision {
  readonly test: string
  readonly differences: readonly DecisionDifference[]
}

/** The forms that a report can have. */
export type DiffFormat = 'text' | 'json' | 'markdown' | 'github' | 'sarif'

/** Writes a report in one of the forms of `--format`. */
export const DIFF_FORMATS: Readonly<Record<DiffFormat, (report: DiffReport) => string>> = {
  text: formatText,
  json: ({ changes, decisions, classes, undetermined }) =>
    `${JSON.stringify({ changes, decisions, classes, undetermined }, null, 2)}\n`,
  markdown: formatMarkdown,
  github: formatGithub,
  sarif: (report) => formatSarif('keyway diff', toResults(report)),
}

function formatText({ changes, decisions, classes, undetermined }: DiffReport): string {
  const tests = decisions.flatMap(({ test, differences }) => [
    `  "${test}"`,
    ...differences.map((one) => `    ${difference(one)}`),
  ])
  const lines = [
    ...changes,
    ...(tests.length > 0 ? ['decided otherwise, of the requests under tests:', ...tests] : []),
    ...(classes.length > 0 ? [headline(classes.length), ...classes.flatMap(formatClass)] : []),
    ...undetermined.map((doubt) => `can't tell: ${doubt}`),
  ]
  return lines.length === 0 ? 'nothing differs\n' : `${lines.join('\n')}\n`
}

function headline(count: number): string {
  const what = count === 1 ? '1 class of requests is' : `${count} classes of requests are`
  return `${what} decided otherwise${count > 1 ? ', the most dangerous first' : ''}:`
}

function formatClass(one: DescribedChange, index: number): string[] {
  return [
    `  ${index + 1}. ${one.kind}`,
    `     ${commandOf(one)}`,
    `     was ${one.was}`,
    `     is  ${one.is}`,
    ...one.differences.map((each) => `     ${difference(each)}`),
  ]
}

/** The request as a command line, with what that does not say as a comment. */
function commandOf(one: DescribedChange): string {
  return one.witness + one.comment
}

function difference({ what, before, after }: DecisionDifference): string {
  return `${what}: ${before} → ${after}`
}

function formatMarkdown({ newFile, changes, classes, undetermined }: DiffReport): string {
  const rows = classes.map((one) => {
    const { kind, was, is, differences } = one
    const changed = differences.map((each) => plain(difference(each))).join('<br>')
    return `| ${plain(kind)} | ${code(commandOf(one))} | ${plain(was)} | ${plain(is)} | ${changed} |`
  })
  const table =
    rows.length === 0
      ? ['No request is decided otherwise.']
      : ['| what | a request | was | is | what changes |', '|---|---|---|---|---|', ...rows]
  const doubts = undetermined.map((doubt) => `- can't tell: ${plain(doubt)}`)
  return [
    `### What changes in ${code(newFile)}`,
    '',
    ...table,
    ...(doubts.length > 0 ? ['', ...doubts] : []),
    ...(changes.length > 0 ? ['', ...changes.map((change) => `- ${plain(change)}`)] : []),
    '',
  ].join('\n')
}

/** An annotation for each class, and for what there is no telling of. */
function formatGithub({ newFile, classes, undetermined }: DiffReport): string {
  const told = classes.map((one): Annotation => {
    const { danger, kind, line, was, is, differences } = one
    const level = danger < 2 ? 'error' : danger < 4 ? 'warning' : 'notice'
    const message = [commandOf(one), `was ${was}`, `is ${is}`, ...differences.map(difference)].join(
      '\n',
    )
    return { level, file: newFile, line, title: kind, message }
  })
  const doubts = undetermined.map(
    (message): Annotation => ({ level: 'warning', file: newFile, title: "can't tell", message }),
  )
  return formatAnnotations([...told, ...doubts])
}

function toResults({ newFile: file, classes, undetermined }: DiffReport): SarifResult[] {
  const told = classes.map((one): SarifResult => {
    const { danger, kind, line, was, is, differences } = one
    const level = danger < 2 ? 'error' : danger < 4 ? 'warning' : 'note'
    const changed = differences.map((each) => `; ${difference(each)}`).join('')
    const message = `${kind}: ${commandOf(one)} was ${was}, is ${is}${changed}`
    return { rule: kind.replaceAll(/[^a-z]+/g, '-'), level, message, file, line }
  })
  const doubts = undetermined.map((doubt): SarifResult => {
    const message = `can't tell: ${doubt}`
    return { rule: 'undetermined', level: 'warning', message, file, line: 1 }
  })
  return [...told, ...doubts]
}
