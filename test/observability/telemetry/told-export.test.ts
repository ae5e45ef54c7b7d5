import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { expect, test } from 'vitest'
import { createLogger } from '../../../src/observability/logger.ts'
import { tellExports } from '../../../src/observability/telemetry/told-export.ts'

const TAKEN: ExportResult = { code: ExportResultCode.SUCCESS }
const FAILED: ExportResult = { code: ExportResultCode.FAILED }

/** Exports one item for each result; gives what is logged, and what the exporter's user hears. */
function exported(results: readonly ExportResult[]): { lines: unknown[]; heard: unknown[] } {
  const lines: unknown[] = []
  const write = (line: string): void => {
    const { level, signal, msg } = JSON.parse(line)
    lines.push([level, signal, msg])
  }
  const exporter = {
    left: [...results],
    export(_: string, onResult: (result: ExportResult) => void): void {
      onResult(this.left.shift() ?? FAILED)
    },
  }
  const told = tellExports(exporter, 'metrics', createLogger({ destination: { write } }))
  const heard: ExportResult[] = []
  for (const _ of results) told.export('item', (result) => void heard.push(result))
  return { lines, heard }
}

const AWAY = ['warn', 'metrics', 'telemetry is not taken']
const BACK = ['info', 'metrics', 'telemetry is taken again']

test.each([
  { name: 'all is well', results: [TAKEN, TAKEN], lines: [] },
  { name: 'it is away for a while', results: [TAKEN, FAILED, FAILED, TAKEN], lines: [AWAY, BACK] },
  { name: 'from the start', results: [FAILED, TAKEN, TAKEN], lines: [AWAY, BACK] },
  { name: 'twice', results: [FAILED, TAKEN, FAILED], lines: [AWAY, BACK, AWAY] },
])('a collector that takes nothing is told once each time: $name', ({ results, lines }) => {
  expect(exported(results)).toEqual({ lines, heard: results })
})
