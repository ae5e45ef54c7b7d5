/** Dice that always fall the same way for the same seed and index. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number
  /** True in `percent` of a hundred cases. */
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
  /** Text of `length` characters out of `alphabet`. */
  readonly text: (length: number, alphabet: string) => string
}

/** Creates the dice of one case: any case can be thrown again without those before it. */
export function createRandom(seed: number, index: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) | 0
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (percent) => next() * 100 < percent,
    pick: (list) => list[below(list.length)] as never,
    text(length, alphabet) {
      let text = ''
      while (text.length < length) text += alphabet[below(alphabet.length)]
      return text
    },
  }
}
