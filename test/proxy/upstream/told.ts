import type { OutgoingRequest } from '../../../src/proxy/upstream/call.ts'

/** A request without a body, and the times of a connection that tests let pass. */
export const GET: OutgoingRequest = {
  method: 'GET',
  target: '/x',
  fields: [],
  body: null,
  headersMs: 1_000,
  idleMs: 3_000,
  upgrade: null,
}

/** What a test was told, in order. */
export interface Told {
  readonly told: string[]
  readonly tell: (word: string) => void
  /** Tells an error by its code, or its message where it has none. */
  readonly tellError: (error: Error & { readonly code?: string }) => void
  /** Resolves to all that was told, and forgets it, once this was. */
  readonly heard: (word: string) => Promise<string[]>
}

/** Creates what takes down what is told, and waits for a word of it. */
export function createTold(): Told {
  const told: string[] = []
  let hear = (): void => undefined
  const tell = (word: string): void => {
    told.push(word)
    hear()
  }
  const heard = async (word: string): Promise<string[]> => {
    while (!told.includes(word))
      await new Promise<void>((resolve) => {
        hear = resolve
      })
    return told.splice(0)
  }
  return { told, tell, tellError: ({ code, message }) => tell(code ?? message), heard }
}
