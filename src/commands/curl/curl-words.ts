import { UsageError } from '../command.ts'
import { PLAIN, PLAIN_LETTERS, VALUED, VALUED_LETTERS } from './options.ts'

/** A curl command's arguments, told apart. */
export interface CurlWords {
  /** Values by the long name of their option, in the order written; of an option without a value ''. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly urls: readonly string[]
}

/** Long names of the letters that shape a request. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  A: 'user-agent',
  F: 'form',
  G: 'get',
  H: 'header',
  I: 'head',
  M: 'manual',
  V: 'version',
  h: 'help',
  K: 'config',
  T: 'upload-file',
  X: 'request',
  b: 'cookie',
  d: 'data',
  e: 'referer',
  n: 'netrc',
  r: 'range',
  u: 'user',
  ':': 'next',
}

/** Tells options from URLs by curl's own table; throws UsageError on an option that curl does not have. */
export function splitCurl(args: readonly string[]): CurlWords {
  const values = new Map<string, string[]>()
  const urls: string[] = []
  const add = (name: string, value: string): void =>
    void values.set(name, [...(values.get(name) ?? []), value])
  const rest = args.values()
  const take = (option: string): string => {
    const { value, done } = rest.next()
    if (done) throw new UsageError(`curl's ${option} lacks its value`)
    return value
  }
  for (const word of rest) {
    if (word.startsWith('--')) addLong(word.slice(2), { add, take })
    else if (word.startsWith('-') && word.length > 1) addLetters(word.slice(1), { add, take })
    else urls.push(word)
  }
  return { values, urls: [...(values.get('url') ?? []), ...urls] }
}

interface Reader {
  readonly add: (name: string, value: string) => void
  readonly take: (option: string) => string
}

function addLong(name: string, { add, take }: Reader): void {
  if (VALUED.has(name)) add(name, take(`--${name}`))
  else if (PLAIN.has(name)) add(name, '')
  else if (!PLAIN.has(name.replace(/^no-/, ''))) throw unknownOption(`--${name}`)
}

/** `-sSXPOST`: letters without a value, then one that takes what follows, or the next argument. */
function addLetters(letters: string, { add, take }: Reader): void {
  for (const [index, letter] of [...letters].entries()) {
    const name = LONG_NAMES[letter] ?? letter
    if (VALUED_LETTERS.includes(letter)) {
      const behind = letters.slice(index + 1)
      add(name, behind === '' ? take(`-${letter}`) : behind)
      return
    }
    if (!PLAIN_LETTERS.includes(letter)) throw unknownOption(`-${letter}`)
    add(name, '')
  }
}

function unknownOption(option: string): UsageError {
  const shown =
    /^-{1,2}[a-z][\w.-]{0,30}$/i.test(option) && !/\d{3}/.test(option) ? option : 'that is written'
  return new UsageError(
    `curl has no option ${shown} that is known here; leave it out, or write it otherwise`,
  )
}
