import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** One conformance file; README.md describes the format. */
export interface ConformanceFile {
  readonly file: string
  readonly description: string
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string | null>>
  readonly clients: Readonly<Record<string, string>>
  readonly configs: Readonly<Record<string, object>>
  readonly cases: readonly ConformanceCase[]
}

export interface ConformanceCase {
  readonly name: string
  readonly config: string
  readonly request: {
    readonly method?: string
    readonly path: string
    readonly headers?: readonly (readonly [string, string])[]
    readonly peer?: string
    readonly protocol?: 'http' | 'https'
  }
  readonly expect: Expectation
}

export interface Expectation {
  readonly route?: string | null
  readonly rule?: string | null
  readonly status?: number
  readonly errors?: string
  readonly says?: readonly string[]
  readonly hides?: readonly string[]
  readonly upstream?: string
  readonly path?: string
  readonly credential?: string
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>
  readonly kind?: string | null
}

const folder = new URL('./', import.meta.url)

/** Reads all conformance files of this folder. */
export function readConformanceFiles(): readonly ConformanceFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return names.sort().map((file) => ({
    file,
    environment: {},
    secrets: {},
    clients: {},
    ...parse(readFileSync(new URL(file, folder), 'utf8'), { schema: 'core' }),
  }))
}
