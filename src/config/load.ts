import { checkSemantics } from './checks/check-semantics.ts'
import { lint } from './checks/lint.ts'
import { withoutConsequences } from './diagnostics/consequences.ts'
import type { Finding, Report } from './diagnostics/finding.ts'
import { findRouteLines, type RouteLines } from './diagnostics/route-lines.ts'
import { toDiagnostics } from './diagnostics/to-diagnostics.ts'
import { parseSize } from './language/units.ts'
import { expandDocument } from './normalize/expand.ts'
import { expandEnvironment } from './normalize/expand-environment.ts'
import { mergeKinds } from './normalize/merge-kinds.ts'
import { normalize, normalizeKind } from './normalize/normalize.ts'
import { withoutEchoes } from './schema/echoes.ts'
import { buildModel, type Model } from './schema/model.ts'
import { repairDocument } from './schema/repair.ts'
import { validateSchema } from './schema/validate-schema.ts'
import type { Catalogue } from './shapes/catalogue.ts'
import type { Diagnostic } from './shapes/diagnostic.ts'
import type { NormalConfig, NormalKind } from './shapes/normal-config.ts'
import type { Document, SourceFile } from './text/document.ts'
import { DEFAULT_LIMIT_BYTES, parseDocument } from './text/parse-document.ts'
import type { Reading } from './text/reading.ts'

/** What a file is checked against. */
export interface LoadOptions {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
  /** Bytes that the file may have. Default: $KEYWAY_CONFIG_LIMIT, else 1 MiB. */
  readonly limitBytes?: number
  /** Looks at a file that has no errors as a whole, for all requests. */
  readonly prove?: Prove
  /** Whether what it names may stand in another file, as for a file that holds only tests. */
  readonly isPart?: boolean
}

/** What there is to say of a configuration that is only seen once it is whole. */
export type Prove = (config: NormalConfig) => readonly Finding[]

/** A configuration, and everything that was found about it. */
export interface LoadResult {
  /** null exactly where a diagnostic is an error. */
  readonly config: NormalConfig | null
  readonly diagnostics: readonly Diagnostic[]
  /** Where the configuration's routes stand in the text; empty where there is none. */
  readonly routeLines: readonly RouteLines[]
}

/** Bytes that a configuration file may have: $KEYWAY_CONFIG_LIMIT, else 1 MiB. */
export function configLimitBytes(env: LoadOptions['env']): number {
  const bytes = parseSize(env.KEYWAY_CONFIG_LIMIT ?? '')
  return Number.isNaN(bytes) ? DEFAULT_LIMIT_BYTES : bytes
}

/** Turns a file's text into a configuration and all diagnostics at once. */
export function loadConfig(source: SourceFile, options: LoadOptions): LoadResult {
  const { catalogue, limitBytes = configLimitBytes(options.env) } = options
  const reading = parseDocument(source.text, limitBytes)
  const { document, findings: syntax } = reading
  if (!document) return refused(toDiagnostics(source, null, syntax, catalogue.kinds))
  const { model, kinds, findings } = check(document, reading, options)
  const all = [...syntax, ...findings]
  const config = hasError(all) ? null : normalize(model, catalogue)
  if (config !== null && options.prove) all.push(...options.prove(config))
  const diagnostics = toDiagnostics(source, model.document, all, kinds)
  if (config === null || hasError(all)) return refused(diagnostics)
  return { config, diagnostics, routeLines: findRouteLines(document) }
}

function refused(diagnostics: readonly Diagnostic[]): LoadResult {
  return { config: null, diagnostics, routeLines: [] }
}

function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}

interface Check {
  readonly model: Model
  readonly kinds: readonly NormalKind[]
  readonly findings: readonly Finding[]
}

function check(
  written: Document,
  { findings: syntax, damage }: Reading,
  options: LoadOptions,
): Check {
  const { catalogue, env } = options
  const environment: Finding[] = []
  const document = expandEnvironment(written, env, (finding) => environment.push(finding))
  const schemaFindings = validateSchema(document)
  const told = withoutEchoes(document, schemaFindings)
  const findings: Finding[] = [...environment, ...told]
  const report: Report = (finding) => {
    if (!(options.isPart && finding.code.startsWith('undefined-'))) findings.push(finding)
  }
  const { document: repaired, isSound } = repairDocument(document, schemaFindings)
  const expanded = expandDocument(repaired, isSound, report)
  const model = buildModel(expanded, isSound)
  const kinds = mergeKinds(catalogue.kinds, model.kinds.map(normalizeKind))
  const context = { model, catalogue, kinds, env, report }
  checkSemantics(context)
  lint({ ...context, isWhole: !hasError(syntax) && !hasError(findings) })
  const causes = { syntax, damage, environment, schema: schemaFindings, told }
  return { model, kinds, findings: withoutConsequences(model.document, causes, findings) }
}
