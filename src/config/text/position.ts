import type { Position } from '../shapes/diagnostic.ts'

/** A stretch of the text: offsets from 0, the end not included. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A position, and the line it stands on. */
export interface Place extends Position {
  readonly sourceLine: string
}

/** Turns offsets of one file into lines and columns; the lines are only counted once asked. */
export type Locator = (span: Span) => Place

/** Creates the locator of one file's text. */
export function createLocator(file: string, text: string): Locator {
  let starts: readonly number[] | null = null
  return (span) => {
    starts ??= lineStarts(text)
    const line = lineOf(starts, Math.min(span.start, text.length))
    const start = starts[line] as number
    const sourceLine = text.slice(start, starts[line + 1] ?? text.length).replace(/\r?\n$/, '')
    const from = Math.min(span.start - start, sourceLine.length)
    const to = Math.min(Math.max(span.end - start, from), sourceLine.length)
    return {
      file,
      line: line + 1,
      column: countCharacters(sourceLine.slice(0, from)) + 1,
      length: Math.max(1, countCharacters(sourceLine.slice(from, to).trimEnd())),
      sourceLine,
    }
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
