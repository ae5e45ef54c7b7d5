import { resolve } from 'node:path'
import type { NormalKind, SecretSource } from '../../config/shapes/normal-config.ts'
import { createFreshFile, type FileContent } from './fresh-file.ts'

/** A secret's value, or in words why it must not be used; never both. */
export type SecretReading =
  | { readonly value: string; readonly reason: null }
  | { readonly value: null; readonly reason: string }

export interface SecretSourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from: the configuration file's. */
  readonly baseDir: string
  readonly classify: (value: string) => NormalKind
  /** Whether the value is one of several used in turn. */
  readonly isPooled: boolean
}

/** Opens one source: a file is read anew when it changes, the environment once. */
export function openSecretSource(
  source: SecretSource,
  options: SecretSourceOptions,
): () => SecretReading {
  if ('env' in source) {
    const reading = readEnv(source.env, options)
    return () => reading
  }
  const path = resolve(options.baseDir, source.file)
  return createFreshFile(path, (content) => readContent(content, options)).read
}

function readEnv(name: string, options: SecretSourceOptions): SecretReading {
  const text = options.env[name]
  return text === undefined
    ? refuse(`environment variable ${name} is not set`)
    : readText(text, options)
}

function readContent(content: FileContent, options: SecretSourceOptions): SecretReading {
  return content.problem === null
    ? readText(content.text, options)
    : refuse(`its file is ${content.problem}`)
}

/** What a header may hold in any implementation: RFC 9110 §5.5 without obs-text. */
const HEADER_SAFE = /^[\x20-\x7e]+$/

function readText(text: string, options: SecretSourceOptions): SecretReading {
  const value = text.trim()
  if (value === '') return refuse('it is empty')
  if (!HEADER_SAFE.test(value))
    return refuse('it holds a line break or another character that no header may hold')
  return checkKind(value, options)
}

function checkKind(value: string, options: SecretSourceOptions): SecretReading {
  const kind = options.classify(value)
  const what = kind.description ?? kind.name
  if (kind.forward === 'never') return refuse(`it is ${what}, which is never forwarded`)
  if (options.isPooled && kind.pool === 'never')
    return refuse(`it is ${what}, which must not be shared in a pool`)
  return { value, reason: null }
}

function refuse(reason: string): SecretReading {
  return { value: null, reason }
}
