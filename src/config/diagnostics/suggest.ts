import { distance } from 'fastest-levenshtein'

/** Names that are compared: a file with thousands of wrong ones is told of all of them without delay. */
const COMPARED = 500

/** The candidate that a mistyped word most likely means; null: none is near. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  const lower = word.toLowerCase()
  let nearest: string | null = null
  let least = Math.min(Math.max(1, Math.floor(word.length / 3)), word.length - 1) + 1
  let compared = 0
  for (const candidate of candidates) {
    if (compared++ === COMPARED) break
    if (Math.abs(candidate.length - word.length) >= least) continue
    const away = distance(lower, candidate.toLowerCase())
    if (away < least) [nearest, least] = [candidate, away]
  }
  return nearest
}

/** The hint `did you mean "…"?`, else the known names, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): { hint?: string } {
  const near = suggest(word, candidates)
  if (near !== null) return { hint: `did you mean "${near}"?` }
  if (candidates.length === 0 || candidates.length > 12) return {}
  return { hint: `there ${candidates.length === 1 ? 'is' : 'are'} ${listWords(candidates)}` }
}

/** Words as a list with commas and a last `and`. */
export function listWords(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
