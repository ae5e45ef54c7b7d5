import type { ConcurrencyLimit, Count, LimitStore, RateLimit } from '../../limits/limit-store.ts'

/** What a worker asks of the primary, which counts for all of them. */
export type LimitRequest =
  | { readonly name: 'count'; readonly limit: RateLimit; readonly key: string }
  | { readonly name: 'uncount'; readonly limit: RateLimit; readonly key: string }
  | { readonly name: 'enter'; readonly limit: ConcurrencyLimit; readonly key: string }
  | {
      readonly name: 'leave'
      readonly limit: ConcurrencyLimit
      readonly key: string
      readonly lease: string
    }

/** A request as a worker sends it. */
export interface LimitQuestion {
  readonly limitId: number
  readonly request: LimitRequest
}

/** The primary's answer. */
export interface LimitAnswer {
  readonly limitId: number
  readonly answer: Count | string | null
}

/** Whether a message between primary and worker is about a limit. */
export function isAboutLimit(message: object): message is LimitQuestion | LimitAnswer {
  return 'limitId' in message
}

/** Carries out what a worker asked. */
export async function answerLimit(
  store: LimitStore,
  request: LimitRequest,
): Promise<LimitAnswer['answer']> {
  switch (request.name) {
    case 'count':
      return store.count(request.limit, request.key)
    case 'uncount':
      await store.uncount(request.limit, request.key)
      return null
    case 'enter':
      return store.enter(request.limit, request.key)
    case 'leave':
      await store.leave(request.limit, request.key, request.lease)
      return null
  }
}
