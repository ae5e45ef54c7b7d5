import type { PathPattern } from '../../config/language/path-pattern.ts'

/** Matches a path against a pattern: its parameters, or null. */
export function compilePathTest(
  pattern: PathPattern,
): (path: string) => Readonly<Record<string, string>> | null {
  const { segments, isPrefix } = pattern
  return (path) => {
    const parts = path.slice(1).split('/')
    if (isPrefix ? parts.length < segments.length : parts.length !== segments.length) return null
    const fits = segments.every((segment, index) =>
      segment.type === 'literal' ? parts[index] === segment.text : parts[index] !== '',
    )
    return fits ? readParameters(pattern, path) : null
  }
}

/** The parameters of a path that is known to match, and as `rest` what stands below a prefix; raw bytes. */
export function readParameters(
  { segments, isPrefix }: PathPattern,
  path: string,
): Readonly<Record<string, string>> {
  const parts = path.slice(1).split('/')
  const parameters: Record<string, string> = {}
  for (const [index, segment] of segments.entries())
    if (segment.type === 'parameter') parameters[segment.name] = parts[index] as string
  if (isPrefix) parameters.rest = parts.slice(segments.length).join('/')
  return parameters
}
