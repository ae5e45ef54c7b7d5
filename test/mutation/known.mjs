import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'

/**
 * What earlier runs have found: a change that was noticed counts as noticed while its file, and the
 * file of the test that noticed it, are as they were; one that was not is not tried again with a file
 * of tests that is as it was.
 */
export function openKnown(path) {
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const hashes = new Map()
  const hashOf = (file) => {
    if (!hashes.has(file)) hashes.set(file, existsSync(file) ? hash(readFileSync(file)) : '')
    return hashes.get(file)
  }
  const fileOf = (mutant) => relative('.', mutant.fileName)
  const entryOf = (file) => {
    if (kept[file]?.of !== hashOf(file)) kept[file] = { of: hashOf(file), killers: {}, lives: {} }
    return kept[file]
  }
  return {
    killerOf: (mutant) => {
      const { of, killers = {} } = kept[fileOf(mutant)] ?? {}
      const killer = of === hashOf(fileOf(mutant)) ? killers[keyOf(mutant)] : undefined
      return killer !== undefined && killer.of === hashOf(killer.file) ? killer.file : null
    },
    addKiller: (mutant, test) => {
      const [name] = test.split(' > ')
      entryOf(fileOf(mutant)).killers[keyOf(mutant)] = { file: name, of: hashOf(name) }
    },
    /** How a change lived through a file of tests: `alive`, `untested` or `static`; null: not tried. */
    lifeOf: (mutant, test) => {
      const lives = entryOf(fileOf(mutant)).lives?.[test]
      return lives?.of === hashOf(test) ? (lives.how[hash(keyOf(mutant))] ?? null) : null
    },
    addLife: (mutant, test, how) => {
      const entry = entryOf(fileOf(mutant))
      entry.lives ??= {}
      if (entry.lives[test]?.of !== hashOf(test)) entry.lives[test] = { of: hashOf(test), how: {} }
      entry.lives[test].how[hash(keyOf(mutant))] = how
    },
    save: () => {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, JSON.stringify(kept))
    },
  }
}

/** A change, told from all others of its file. */
export function keyOf({ location: { start, end }, replacement, mutatorName }) {
  return `${start.line}:${start.column}-${end.line}:${end.column} ${mutatorName} ${replacement}`
}

/** The first hex digits of a SHA-256. */
export function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
