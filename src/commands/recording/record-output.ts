import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, isMap, isSeq, parseDocument } from 'yaml'
import type { Test } from '../../config/shapes/config.generated.ts'
import type { CommandIo } from '../command.ts'
import { RecordingError } from './recording-error.ts'
import { layOut, STYLE, writeTests } from '../trying/write-tests.ts'

/** Where recorded tests go, each at once: whatever ends the recording, it is kept. */
export interface RecordOutput {
  readonly add: (test: Test) => void
  /** Nothing follows. */
  readonly end: () => void
}

/** Writes to standard output. */
export function printTests(io: CommandIo): RecordOutput {
  let isBegun = false
  return {
    add(test) {
      const text = writeTests([test])
      // Those that follow have no head.
      io.stdout(isBegun ? text.slice(text.indexOf('tests:\n') + 'tests:\n'.length) : HEAD + text)
      isBegun = true
    },
    end() {
      if (!isBegun) io.stdout(HEAD + writeTests([]))
    },
  }
}

/** Adds to a file of tests, which is made where there is none; its comments stay. Throws RecordingError. */
export function keepTests(file: string, io: CommandIo): RecordOutput {
  const path = resolve(io.cwd, file)
  const document = openTests(file, path)
  const save = (): void => saving(file, () => replaceFile(path, document.toString(STYLE)))
  if (!existsSync(path)) save()
  return {
    add(test) {
      const node = document.createNode(test)
      layOut(node)
      document.addIn(['tests'], node)
      const tests = document.get('tests')
      if (isSeq(tests)) tests.flow = false
      save()
      io.stderr(`recorded ${test.name}\n`)
    },
    end: () => undefined,
  }
}

function openTests(file: string, path: string): Document {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const document = parseDocument(text === '' ? HEAD + writeTests([]) : text)
  const { contents } = document
  const keys = isMap(contents) ? contents.items.map(({ key }) => String(key)) : []
  if (keys.some((key) => key !== 'version' && key !== 'tests'))
    throw new RecordingError(`${file} holds more than tests; --output takes a file of its own`)
  return document
}

/** Whoever reads it meanwhile reads the whole file; a link to it stays one. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const target = existsSync(path) ? realpathSync(path) : path
  const mode = existsSync(path) ? statSync(target).mode & 0o777 : 0o666
  const next = `${target}.${randomBytes(6).toString('hex')}`
  writeFileSync(next, text, { mode })
  renameSync(next, target)
}

function saving(file: string, save: () => void): void {
  try {
    save()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw new RecordingError(`${file} can't be written (${code})`)
  }
}

const HEAD = `# Decisions that "keyway record" saw, each shown by a request that is made up: no key, path or value in
# it is a client's. Read it, and keep it beside the configuration as NAME.recorded.test.yaml: "keyway
# test" runs it with the others.
`
