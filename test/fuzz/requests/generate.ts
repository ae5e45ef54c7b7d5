import { createRandom, type Random } from '../random.ts'
import { ATTACKS, type Attack } from './attacks.ts'
import { bait, draftValid, printDraft } from './draft.ts'

/** What a client does when all is written. */
export type Ending = 'wait' | 'half-close' | 'reset'

/** One connection's worth of requests. */
export interface RequestCase {
  readonly index: number
  readonly bytes: string
  /** Where the bytes are cut into writes. */
  readonly cuts: readonly number[]
  readonly ending: Ending
  /** Tags of requests that are beyond reproach. */
  readonly plain: ReadonlySet<string>
  /** What was done to the others. */
  readonly attacks: readonly string[]
}

const NAMES = Object.keys(ATTACKS)

/** Makes the case with this number: always the same for the same seed. */
export function generateCase(seed: number, index: number): RequestCase {
  const random = createRandom(seed, index)
  const isHostile = random.chance(65)
  const count = random.between(1, 4)
  const hostile = isHostile ? random.below(count) : -1
  const plain = new Set<string>()
  const attacks: string[] = []
  let bytes = ''
  for (let i = 0; i < count; i += 1) {
    const tag = `t${seed.toString(36)}-${index.toString(36)}-${i}z`
    const isPlain = i !== hostile && !(isHostile && random.chance(15))
    if (isPlain) plain.add(tag)
    bytes += isPlain ? printDraft(draftValid(random, tag)) : attack(random, tag, attacks)
  }
  const ending = random.chance(4) ? 'reset' : random.chance(5) ? 'half-close' : 'wait'
  const end = ending === 'reset' ? random.below(bytes.length + 1) : bytes.length
  const sent = bytes.slice(0, end)
  return { index, bytes: sent, cuts: cutPoints(random, sent.length), ending, plain, attacks }
}

function attack(random: Random, tag: string, attacks: string[]): string {
  let draft = draftValid(random, tag)
  const structural = random.chance(80) ? random.pick([1, 1, 1, 2, 3]) : 0
  for (let i = 0; i < structural; i += 1) {
    const name = random.pick(NAMES)
    attacks.push(name)
    draft = (ATTACKS[name] as Attack)(draft, random, tag)
  }
  const bytes = printDraft(draft)
  return structural > 0 && random.chance(80) ? bytes : damage(bytes, random, tag, attacks)
}

const NASTY = '\r\n\0\t :;,\x0b\x7f\x80\xff"\\/?#%@[]'

function damage(bytes: string, random: Random, tag: string, attacks: string[]): string {
  let damaged = bytes
  for (let count = random.pick([1, 1, 2, 5]); count > 0; count -= 1) {
    // Most of what matters is in the head.
    const limit = random.chance(80) ? Math.min(damaged.length, 250) : damaged.length
    const at = random.below(limit + 1)
    const kind = random.pick([
      'insert',
      'insert',
      'delete',
      'replace',
      'repeat',
      'truncate',
      'bait',
    ])
    const cut = random.between(1, 6)
    attacks.push(kind)
    const rest = damaged.slice(at)
    const nasty = random.text(random.pick([1, 1, 2]), NASTY)
    damaged =
      damaged.slice(0, at) +
      {
        insert: nasty + rest,
        delete: rest.slice(cut),
        replace: nasty + rest.slice(nasty.length),
        repeat: rest.slice(0, cut) + rest,
        truncate: rest.slice(0, random.below(200)),
        bait: bait(tag) + rest,
      }[kind]
  }
  return damaged
}

function cutPoints(random: Random, length: number): number[] {
  if (random.chance(50)) return []
  if (random.chance(5) && length < 600) return Array.from({ length }, (_, index) => index)
  const points = Array.from({ length: random.between(1, 5) }, () => random.below(length + 1))
  return points.sort((a, b) => a - b)
}
