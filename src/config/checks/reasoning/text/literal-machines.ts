import { ALL, codesOf, DEAD, type Machine } from './machine.ts'

/** Accepts what starts with a text. */
export function prefixMachine(text: string): Machine {
  const codes = codesOf(text)
  return {
    start: codes.length === 0 ? ALL : 0,
    accepts: () => false,
    step(state, code) {
      if (codes[state] !== code) return DEAD
      return state + 1 === codes.length ? ALL : state + 1
    },
    cuts: (state) => cutsAround(codes[state] as number),
  }
}

/** Accepts what holds a text. */
export function containsMachine(text: string): Machine {
  const codes = codesOf(text)
  const next = createSearch(codes)
  return {
    start: codes.length === 0 ? ALL : 0,
    accepts: () => false,
    step(state, code) {
      const reached = next(state, code)
      return reached === codes.length ? ALL : reached
    },
    cuts: (state) => codes.slice(0, state + 1).flatMap(cutsAround),
  }
}

/** Accepts what ends with a text. */
export function suffixMachine(text: string): Machine {
  const codes = codesOf(text)
  if (codes.length === 0) return prefixMachine('')
  return {
    start: 0,
    accepts: (state) => state === codes.length,
    step: createSearch(codes),
    cuts: () => codes.flatMap(cutsAround),
  }
}

/** Accepts one of some texts, whole. */
export function oneOfMachine(texts: readonly string[]): Machine {
  const nodes: { readonly next: Map<number, number>; isEnd: boolean }[] = [
    { next: new Map(), isEnd: false },
  ]
  for (const text of texts) {
    let at = 0
    for (const code of codesOf(text)) {
      const { next } = nodes[at] as (typeof nodes)[number]
      if (!next.has(code)) next.set(code, nodes.push({ next: new Map(), isEnd: false }) - 1)
      at = next.get(code) as number
    }
    ;(nodes[at] as (typeof nodes)[number]).isEnd = true
  }
  return {
    start: texts.length === 0 ? DEAD : 0,
    accepts: (state) => nodes[state]?.isEnd ?? false,
    step: (state, code) => nodes[state]?.next.get(code) ?? DEAD,
    cuts: (state) => [...(nodes[state]?.next.keys() ?? [])].flatMap(cutsAround),
  }
}

function cutsAround(code: number): number[] {
  return [code, code + 1]
}

/** Knuth, Morris and Pratt: how many of the codes the text so far ends with, one code on. */
function createSearch(codes: readonly number[]): (state: number, code: number) => number {
  const fallbacks = [0]
  for (let at = 1, length = 0; at < codes.length; at++) {
    while (length > 0 && codes[at] !== codes[length]) length = fallbacks[length - 1] as number
    if (codes[at] === codes[length]) length++
    fallbacks.push(length)
  }
  return (state, code) => {
    let length = state
    if (length === codes.length) length = fallbacks[length - 1] as number
    while (length > 0 && codes[length] !== code) length = fallbacks[length - 1] as number
    return codes[length] === code ? length + 1 : length
  }
}
