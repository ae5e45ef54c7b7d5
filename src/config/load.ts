import type { Catalogue } from './catalogue.ts'
import type { Diagnostic } from './diagnostic.ts'
import { DEFAULT_LIMIT_BYTES, type Document, parseDocument, type SourceFile } from './document.ts'
import { expandDocument } from './expand.ts'
import type { Finding } from './finding.ts'
import { lint } from './lint.ts'
import { buildModel, type Model } from './model.ts'
import type { NormalConfig } from './normal-config.ts'
import { normalize } from './normalize.ts'
import { toDiagnostics } from './resolve.ts'
import { validateSchema } from './schema.ts'
import { checkSemantics } from './semantics.ts'
import { createSoundness } from './soundness.ts'

/** What a file is checked against. */
export interface LoadOptions {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
  /** Bytes that the file may have. Default: 1 MiB. */
  readonly limitBytes?: number
}

/** A configuration, and everything that was found about it. */
export interface LoadResult {
  /** null exactly where a diagnostic is an error. */
  readonly config: NormalConfig | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Turns a file's text into a configuration and all diagnostics at once. */
export function loadConfig(source: SourceFile, options: LoadOptions): LoadResult {
  const { document, findings } = parseDocument(
    source.text,
    options.limitBytes ?? DEFAULT_LIMIT_BYTES,
  )
  if (!document)
    return { config: null, diagnostics: toDiagnostics(source, null, findings, options.catalogue) }
  const all = [...findings]
  const { model, expanded } = check(document, all, options)
  const diagnostics = toDiagnostics(source, expanded, all, options.catalogue)
  const isFine = diagnostics.every(({ severity }) => severity !== 'error')
  return { config: isFine ? normalize(model, options.catalogue) : null, diagnostics }
}

function check(
  document: Document,
  findings: Finding[],
  options: LoadOptions,
): { model: Model; expanded: Document } {
  const schemaFindings = validateSchema(document)
  const isSound = createSoundness(schemaFindings)
  const report = (finding: Finding): unknown => findings.push(finding)
  schemaFindings.forEach(report)
  const expanded = expandDocument(document, isSound, report)
  const model = buildModel(expanded, isSound)
  const context = { model, catalogue: options.catalogue, env: options.env, report }
  checkSemantics(context)
  lint(context)
  return { model, expanded }
}
