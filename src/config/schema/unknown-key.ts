import { didYouMean, listWords, suggest } from '../diagnostics/suggest.ts'
import type { Path } from '../text/document.ts'
import { KEY_SYNONYMS } from './key-synonyms.ts'
import { listPlaces, type Places } from './places.ts'
import type { Schema, SchemaError, Words } from './schema-error.ts'
import { configSchema } from './validate-config.generated.ts'

let places: Places | null = null

function listed(): Places {
  places ??= listPlaces(configSchema)
  return places
}

/** Says of an unknown key what was probably meant, or where it belongs. */
export function describeUnknownKey({ path, error, schema }: SchemaError): Words {
  const key = String(error.params.additionalProperty)
  const known = Object.keys((schema as { properties?: Schema }).properties ?? {})
  return {
    code: 'unknown-key',
    part: 'key',
    path: [...path, key],
    message: `unknown key "${key}"`,
    ...hintFor(key, known, path),
    ...addressHint(error.data, key, known),
  }
}

function hintFor(key: string, known: readonly string[], place: Path): { hint?: string } {
  if (key === 'workers')
    return { hint: 'how many serve is asked for on the command line: keyway serve --workers 2' }
  if (key === '<<') return { hint: 'merge keys are not part of YAML 1.2; write the keys out' }
  if (/^(if|use)\s/.test(key))
    return { hint: '": " inside a sentence makes it a map; put the whole sentence in quotes' }
  const inside = listed().insideOf(key, place)
  const same = known.find((word) => isSameWord(word, key) && inside === null)
  const meant = same ?? synonymOf(key, known)
  if (meant !== undefined) return { hint: `did you mean "${meant}"?` }
  const home = homeOf(key, place)
  if (home !== null) return { hint: `"${key}" belongs ${home}` }
  const near = suggest(key, known)
  return near === null ? didYouMean(key, known) : { hint: `did you mean "${near}"?` }
}

/** `host` beside `port` is what is listened on, whatever else takes hosts there. */
function addressHint(map: unknown, key: string, known: readonly string[]): { hint?: string } {
  const isAddress = key === 'host' && typeof map === 'object' && map !== null && 'port' in map
  return isAddress && known.includes('listen') ? { hint: 'did you mean "listen"?' } : {}
}

/** Whether two words differ by capitals, dashes, underscores or a plural alone. */
function isSameWord(a: string, b: string): boolean {
  const [one, other] = [a, b].map((word) => word.toLowerCase().replace(/[-_]/g, ''))
  return one === other || one === `${other}s` || other === `${one}s`
}

function synonymOf(key: string, known: readonly string[]): string | undefined {
  const lower = key.toLowerCase()
  if (!Object.hasOwn(KEY_SYNONYMS, lower)) return undefined
  return KEY_SYNONYMS[lower]?.find((word) => known.includes(word))
}

const MOST_HOMES = 3

function homeOf(key: string, place: Path): string | null {
  const homes = new Set(
    listed()
      .homesOf(key, place)
      .map(({ words }) => words),
  )
  return homes.size === 0 ? null : listWords([...homes].slice(0, MOST_HOMES), 'or')
}
