import { type Document, valueAt } from '../text/document.ts'
import { createLocator } from '../text/position.ts'
import { findSpan } from './find-span.ts'

/** Where one entry of `routes` stands; lines count from 1. */
export interface RouteLines {
  readonly line: number
  /** Those of its `rules`, in order; empty where the rules are its provider's. */
  readonly rules: readonly number[]
}

/** Finds the lines of all routes and their rules, so that what happens can be told beside them. */
export function findRouteLines(document: Document): readonly RouteLines[] {
  const locate = createLocator('', document.text)
  const lineAt = (...path: (string | number)[]): number =>
    locate(findSpan(document, path, 'value')).line
  return entriesAt(document, 'routes').map((_, route) => ({
    line: lineAt('routes', route),
    rules: entriesAt(document, 'routes', route, 'rules').map((_, rule) =>
      lineAt('routes', route, 'rules', rule),
    ),
  }))
}

function entriesAt(document: Document, ...path: (string | number)[]): readonly unknown[] {
  const entries = valueAt(document.placed.value, path)
  return Array.isArray(entries) ? entries : []
}
