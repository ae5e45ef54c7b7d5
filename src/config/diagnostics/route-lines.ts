import { type Document, type Path, valueAt } from '../text/document.ts'
import { createLocator } from '../text/position.ts'
import { findSpan } from './find-span.ts'

/** Where an entry with rules stands; lines count from 1. */
export interface RuleLines {
  readonly line: number
  /** Those of its `rules`, in order; empty where the rules are its provider's. */
  readonly rules: readonly number[]
}

/** Where one entry of `routes` stands. */
export interface RouteLines extends RuleLines {
  readonly fallback: readonly RuleLines[]
}

/** Finds the lines of all routes and their rules, so that what happens can be told beside them. */
export function findRouteLines(document: Document): readonly RouteLines[] {
  const locate = createLocator('', document.text)
  const lineAt = (path: Path): number => locate(findSpan(document, path, 'value')).line
  const linesAt = (path: Path): RuleLines => ({
    line: lineAt(path),
    rules: entriesAt(document, [...path, 'rules']).map((_, at) => lineAt([...path, 'rules', at])),
  })
  return entriesAt(document, ['routes']).map((_, index) => {
    const path = ['routes', index, 'fallback']
    const fallback = entriesAt(document, path).map((__, at) => linesAt([...path, at]))
    return { ...linesAt(['routes', index]), fallback }
  })
}

function entriesAt(document: Document, path: Path): readonly unknown[] {
  const entries = valueAt(document.placed.value, path)
  return Array.isArray(entries) ? entries : []
}
