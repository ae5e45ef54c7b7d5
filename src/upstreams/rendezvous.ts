import type { WeightOf } from './round-robin.ts'

/** Picks the target of a key; -1 where all weights are 0. */
export type PickByKey = (key: string, weightOf: WeightOf) => number

/**
 * Creates weighted rendezvous hashing: every target draws a number from the key and its own id, the
 * highest wins. A target that comes or goes moves only the keys that it gains or had; so does a
 * change of its weight.
 */
export function createRendezvous(ids: readonly string[]): PickByKey {
  const seeds = ids.map(hashText)
  return (key, weightOf) => {
    const hash = hashText(key)
    let best = -1
    let highest = Number.NEGATIVE_INFINITY
    for (const [index, seed] of seeds.entries()) {
      const weight = weightOf(index)
      if (weight <= 0) continue
      const score = -weight / Math.log(toUnit(mix(hash ^ seed)))
      if (score <= highest) continue
      highest = score
      best = index
    }
    return best
  }
}

/** FNV-1a over UTF-16 units, then mixed: short keys differ in few bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}

/** MurmurHash3's finalizer: every bit of the input changes half of the output's. */
function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A number between 0 and 1, neither of them included. */
function toUnit(hash: number): number {
  return ((hash >>> 0) + 0.5) / 0x1_0000_0000
}
