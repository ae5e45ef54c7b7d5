import type { LimitStore } from '../../limits/limit-store.ts'
import {
  answerLimit,
  type LimitAnswer,
  type LimitQuestion,
  type LimitRequest,
} from './limit-messages.ts'

/** Creates a worker's store: the primary counts, so that all workers share each limit. */
export function createSharedLimits(send: (question: LimitQuestion) => void): {
  readonly store: LimitStore
  readonly onAnswer: (answer: LimitAnswer) => void
} {
  const pending = new Map<number, (answer: LimitAnswer['answer']) => void>()
  let asked = 0
  const ask = (request: LimitRequest): Promise<LimitAnswer['answer']> =>
    new Promise((resolve) => {
      const limitId = asked++
      pending.set(limitId, resolve)
      send({ limitId, request })
    })
  return {
    store: {
      count: async (limit, key) =>
        (await ask({ name: 'count', limit, key })) as Awaited<ReturnType<LimitStore['count']>>,
      uncount: async (limit, key) => void (await ask({ name: 'uncount', limit, key })),
      enter: async (limit, key) => (await ask({ name: 'enter', limit, key })) as string | null,
      leave: async (limit, key, lease) => void (await ask({ name: 'leave', limit, key, lease })),
      async close() {},
    },
    onAnswer({ limitId, answer }) {
      pending.get(limitId)?.(answer)
      pending.delete(limitId)
    },
  }
}

/** Answers one worker; what it has not given back when it ends is given back for it. */
export class WorkerLimits {
  private readonly openStore: () => Promise<LimitStore>
  private readonly held = new Map<string, Extract<LimitRequest, { name: 'enter' }>>()
  private hasEnded = false

  constructor(openStore: () => Promise<LimitStore>) {
    this.openStore = openStore
  }

  async answer(request: LimitRequest): Promise<LimitAnswer['answer']> {
    const store = await this.openStore()
    const answer = await answerLimit(store, request)
    if (request.name === 'leave') this.held.delete(request.lease)
    if (request.name === 'enter' && typeof answer === 'string') {
      this.held.set(answer, request)
      if (this.hasEnded) await this.end()
    }
    return answer
  }

  async end(): Promise<void> {
    this.hasEnded = true
    if (this.held.size === 0) return
    const store = await this.openStore()
    for (const [lease, { limit, key }] of this.held) {
      this.held.delete(lease)
      await store.leave(limit, key, lease)
    }
  }
}
