import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { nodePath } from './machine.mjs'

/** The middle one of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** The median of every number in some objects of one shape. */
export function medianOf(results) {
  const names = Object.keys(results[0])
  return Object.fromEntries(names.map((name) => [name, median(results.map((r) => r[name]))]))
}

/** A table in Markdown; cells that are numbers stand to the right. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

/** A number with as many digits as tell something. */
export function digits(value) {
  if (!Number.isFinite(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return value.toPrecision(value >= 10 ? 3 : 2)
}

/** Keeps a run's numbers in bench/results, with what they were measured on. */
export function keepResult(name, result) {
  const folder = new URL('../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const time = new Date().toISOString()
  const file = new URL(`${name}-${time.replaceAll(/[:.]/g, '-')}.json`, folder)
  const machine = { cpu: cpus()[0].model, node: nodeVersion(), commit: commit() }
  writeFileSync(file, `${JSON.stringify({ name, time, machine, ...result }, null, 2)}\n`)
  console.error(`kept in ${file.pathname}`)
}

function nodeVersion() {
  return execFileSync(nodePath(), ['--version'], { encoding: 'utf8' }).trim()
}

// Null where this is no clone, or somebody else's.
function commit() {
  const args = ['describe', '--always', '--dirty']
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}
