import { EventEmitter, once } from 'node:events'

/** A fetch that tells of each answer which error of Keyway it was. */
export interface WatchedFetch {
  readonly fetch: typeof globalThis.fetch
  /** The field x-keyway-error of each answer; null: the provider made it. */
  readonly codes: readonly (string | null)[]
  /** Resolves with the next answer. */
  readonly nextAnswer: () => Promise<unknown>
}

/** Wraps the platform's fetch. */
export function watchFetch(): WatchedFetch {
  const codes: (string | null)[] = []
  const answers = new EventEmitter()
  const { fetch } = globalThis
  return {
    codes,
    nextAnswer: () => once(answers, 'answer'),
    async fetch(input, init) {
      const response = await fetch(input, init)
      codes.push(response.headers.get('x-keyway-error'))
      answers.emit('answer')
      return response
    },
  }
}

/** What a program learns from a call that must fail. */
export interface Failure {
  /** Name of the error's class. */
  readonly error: string
  readonly status: number | undefined
  readonly message: string
}

/** Awaits a call that must fail, and resolves to what it threw. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return call.then(
    () => {
      throw new Error('the call did not fail')
    },
    (error: Error & { readonly status?: number }) => ({
      error: error.constructor.name,
      status: error.status,
      message: error.message,
    }),
  )
}
