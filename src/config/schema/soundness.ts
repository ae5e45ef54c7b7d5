import type { Finding } from '../diagnostics/finding.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Path } from '../text/document.ts'

/** Whether the part at a path fits the schema. */
export type IsSound = (path: Path) => boolean

/** Tells which parts are free of schema errors. */
export function createSoundness(findings: readonly Finding[]): IsSound {
  const broken = new Set<string>()
  for (const { code, path } of findings)
    if (!isHarmless(code, path)) broken.add(keyOf(unitOf(path)))
  if (broken.size === 0) return () => true
  return (path) => !path.some((_, depth) => broken.has(keyOf(path.slice(0, depth + 1))))
}

/** What is wrong at the top of the file does no harm to what stands beside it, nor does a name. */
function isHarmless(code: DiagnosticCode, path: Path): boolean {
  return code === 'bad-name' || path.length === 0 || (code === 'unknown-key' && path.length === 1)
}

/** The smallest part that an error makes unusable: a rule, else an entry of a section. */
function unitOf(path: Path): Path {
  if (path[0] === 'server' || path[0] === 'clients') return path.slice(0, 1)
  return path.slice(0, path[2] === 'rules' && path.length > 3 ? 4 : 2)
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}
