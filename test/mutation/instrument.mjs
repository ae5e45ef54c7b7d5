import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

const QUIET = { debug() {}, info() {}, isDebugEnabled: () => false }

/**
 * Every change that can be made to files, and their code with all of them in it, each behind a switch.
 * A pattern is a file, `file:from-to` with lines, or a folder; what is generated is left out.
 */
export async function instrument(patterns) {
  const files = new Map()
  for (const pattern of patterns) {
    const [, path, from, to] = /^(.*?)(?::(\d+)-(\d+))?$/.exec(pattern)
    for (const file of filesOf(path)) {
      const lines = { start: at(from, 1, 0), end: at(to, 1e6, 1e6) }
      files.set(file, [...(files.get(file) ?? []), lines])
    }
  }
  const sources = [...files].map(([file, mutate]) => ({
    name: resolve(file),
    content: readFileSync(file, 'utf8'),
    mutate,
  }))
  const options = { plugins: null, excludedMutations: [], ignorers: [] }
  const result = await new Instrumenter(QUIET).instrument(sources, options)
  return {
    mutants: result.mutants,
    codeOf: new Map(result.files.map(({ name, content }) => [name, content])),
  }
}

/** A place in the words of the instrumenter, whose lines begin at 0. */
function at(line, otherwise, column) {
  return { line: Number(line ?? otherwise) - 1, column }
}

function filesOf(path) {
  if (path.endsWith('.ts')) return [path]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /(?<!\.generated)\.ts$/.test(name)).sort()
  return files.map((name) => `${path}/${name}`)
}
