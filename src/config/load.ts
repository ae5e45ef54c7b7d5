import { checkSemantics } from './checks/check-semantics.ts'
import { lint } from './checks/lint.ts'
import { withoutDamage } from './diagnostics/damage.ts'
import type { Finding, Report } from './diagnostics/finding.ts'
import { toDiagnostics } from './diagnostics/to-diagnostics.ts'
import { parseSize } from './language/units.ts'
import { expandDocument } from './normalize/expand.ts'
import { mergeKinds } from './normalize/merge-kinds.ts'
import { normalize, normalizeKind } from './normalize/normalize.ts'
import { buildModel, type Model } from './schema/model.ts'
import { createSoundness } from './schema/soundness.ts'
import { validateSchema } from './schema/validate-schema.ts'
import type { Catalogue } from './shapes/catalogue.ts'
import type { Diagnostic } from './shapes/diagnostic.ts'
import type { NormalConfig, NormalKind } from './shapes/normal-config.ts'
import type { Document, SourceFile } from './text/document.ts'
import { DEFAULT_LIMIT_BYTES, parseDocument } from './text/parse-document.ts'

/** What a file is checked against. */
export interface LoadOptions {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
  /** Bytes that the file may have. Default: $KEYWAY_CONFIG_LIMIT, else 1 MiB. */
  readonly limitBytes?: number
  /** Whether what it names may stand in another file, as for a file that holds only tests. */
  readonly isPart?: boolean
}

/** A configuration, and everything that was found about it. */
export interface LoadResult {
  /** null exactly where a diagnostic is an error. */
  readonly config: NormalConfig | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Bytes that a configuration file may have: $KEYWAY_CONFIG_LIMIT, else 1 MiB. */
export function configLimitBytes(env: LoadOptions['env']): number {
  const bytes = parseSize(env.KEYWAY_CONFIG_LIMIT ?? '')
  return Number.isNaN(bytes) ? DEFAULT_LIMIT_BYTES : bytes
}

/** Turns a file's text into a configuration and all diagnostics at once. */
export function loadConfig(source: SourceFile, options: LoadOptions): LoadResult {
  const { catalogue, limitBytes = configLimitBytes(options.env) } = options
  const { document, findings: syntax } = parseDocument(source.text, limitBytes)
  if (!document)
    return { config: null, diagnostics: toDiagnostics(source, null, syntax, catalogue.kinds) }
  const { model, kinds, findings } = check(document, syntax, options)
  const all = [...syntax, ...withoutDamage(model.document, syntax, findings)]
  const diagnostics = toDiagnostics(source, model.document, all, kinds)
  return { config: hasError(all) ? null : normalize(model, catalogue), diagnostics }
}

function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}

interface Check {
  readonly model: Model
  readonly kinds: readonly NormalKind[]
  readonly findings: readonly Finding[]
}

function check(document: Document, syntax: readonly Finding[], options: LoadOptions): Check {
  const { catalogue, env } = options
  const schemaFindings = validateSchema(document)
  const findings: Finding[] = [...schemaFindings]
  const report: Report = (finding) => {
    if (!(options.isPart && finding.code.startsWith('undefined-'))) findings.push(finding)
  }
  const isSound = createSoundness(schemaFindings)
  const expanded = expandDocument(document, isSound, report)
  const model = buildModel(expanded, isSound)
  const kinds = mergeKinds(catalogue.kinds, model.kinds.map(normalizeKind))
  const context = { model, catalogue, kinds, env, report }
  checkSemantics(context)
  lint({ ...context, isWhole: !hasError(syntax) && !hasError(findings) })
  return { model, kinds, findings }
}
