import type { Report } from '../diagnostics/finding.ts'
import { parseTemplate, TemplateError } from '../language/template.ts'
import { type Document, formatPath, isContainer, type Path } from '../text/document.ts'

/** Texts that are templates, in which the environment is read when they are compiled; and sentences. */
const TEMPLATES =
  /^tests\b|\.(set|add|append)(\.|\[)|\.(value|user|password|message)$|\.rewrite\.path$|\.headers\.|\.rules\[\d+\]$/

type Env = Readonly<Record<string, string | undefined>>

/** Puts `${env.NAME}` and `${env.NAME:-default}` into all texts that are no templates of their own. */
export function expandEnvironment(document: Document, env: Env, report: Report): Document {
  if (!document.text.includes('${env.')) return document
  const value = expand(document.value, [], (text, path) => {
    if (!text.includes('${env.') || TEMPLATES.test(formatPath(path))) return text
    return expandText(text, path, { env, report })
  })
  return value === document.value ? document : { ...document, value }
}

type Change = (text: string, path: Path) => string

function expand(node: unknown, path: Path, change: Change): unknown {
  if (typeof node === 'string') return change(node, path)
  if (!isContainer(node)) return node
  const isList = Array.isArray(node)
  let copy: Record<string, unknown> | null = null
  for (const [step, child] of Object.entries(node)) {
    const next = expand(child, [...path, isList ? Number(step) : step], change)
    if (next === child) continue
    copy ??= (isList ? [...node] : { ...node }) as Record<string, unknown>
    copy[step] = next
  }
  return copy ?? node
}

interface Sources {
  readonly env: Env
  readonly report: Report
}

/** A text with what the environment says; what else it refers to stays, and is refused where it can't stand. */
function expandText(text: string, path: Path, { env, report }: Sources): string {
  try {
    return parseTemplate(text)
      .map((part) => {
        if (part.type === 'text') return part.text
        const end = text.indexOf('}', part.offset) + 1
        if (part.type !== 'env') return text.slice(part.offset, end)
        const value = env[part.name] ?? part.standard
        if (value === undefined) report(missing(path, part.name, { start: part.offset, end }))
        return value ?? text.slice(part.offset, end)
      })
      .join('')
  } catch (error) {
    if (error instanceof TemplateError) return text
    throw error
  }
}

function missing(
  path: Path,
  name: string,
  within: { readonly start: number; readonly end: number },
): Parameters<Report>[0] {
  return {
    code: 'missing-env',
    severity: 'error',
    path,
    within,
    message: `the environment variable ${name} is not set`,
    hint: `set it before Keyway starts, or say what stands for it: \${env.${name}:-VALUE}`,
  }
}
