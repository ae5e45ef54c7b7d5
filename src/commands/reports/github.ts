/** What GitHub Actions shows beside a line of a pull request. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly file: string
  /** From 1; default: the whole file. */
  readonly line?: number
  readonly column?: number
  readonly endColumn?: number
  readonly title: string
  readonly message: string
}

/** Writes workflow commands, one line each: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function formatAnnotations(annotations: readonly Annotation[]): string {
  return annotations.map((annotation) => `${formatAnnotation(annotation)}\n`).join('')
}

function formatAnnotation(annotation: Annotation): string {
  const { level, file, line, column, endColumn, title, message } = annotation
  const properties = Object.entries({ file, line, col: column, endColumn, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  return `::${level} ${properties.join(',')}::${escapeData(message)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
