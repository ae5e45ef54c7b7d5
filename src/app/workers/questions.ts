import type { Answer, Answers, Command, Question, WorkerFailure } from './messages.ts'

/** A worker could not do what it was asked. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly code: string

  constructor({ code, message }: WorkerFailure) {
    super(message)
    this.code = code
  }
}

/** A command to a worker, by its name. */
export type CommandOf<Name extends Command['name']> = Extract<Command, { readonly name: Name }>

const ENDED: WorkerFailure = { code: 'worker_ended', message: 'the worker has ended' }
const SILENT: WorkerFailure = { code: 'worker_silent', message: 'the worker did not answer' }

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: WorkerError) => void
  /** null: it may take as long as it takes. */
  readonly clock: NodeJS.Timeout | null
}

/** Questions to one worker until it answers them, or ends. Those asked before it hears any wait. */
export class Questions {
  readonly #send: (question: Question) => void
  readonly #pending = new Map<number, Pending>()
  /** null: the worker hears. */
  #waiting: Question[] | null = []
  #asked = 0
  #hasEnded = false

  /** `send` has a worker that hears get a question. */
  constructor(send: (question: Question) => void) {
    this.#send = send
  }

  /** Resolves to the answer; rejects where the worker fails, ends first, or does not answer in time (0: no limit). */
  ask<Name extends Command['name']>(
    command: CommandOf<Name>,
    timeoutMs: number,
  ): Promise<Answers[Name]> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) {
        reject(new WorkerError(ENDED))
        return
      }
      const id = this.#asked++
      const fail = (): void => this.settle({ id, value: null, failure: SILENT })
      const clock = timeoutMs === 0 ? null : setTimeout(fail, timeoutMs)
      const onValue = (value: unknown): void => resolve(value as Answers[Name])
      this.#pending.set(id, { resolve: onValue, reject, clock })
      const question: Question = { id, command }
      if (this.#waiting === null) this.#send(question)
      else this.#waiting.push(question)
    })
  }

  /** The worker hears from now on. */
  onReady(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const question of waiting) this.#send(question)
  }

  /** Gives an answer to whoever asked; one that comes too late is nobody's. */
  settle({ id, value, failure }: Answer): void {
    const question = this.#pending.get(id)
    if (question === undefined) return
    this.#pending.delete(id)
    if (question.clock !== null) clearTimeout(question.clock)
    if (failure === null) question.resolve(value)
    else question.reject(new WorkerError(failure))
  }

  /** The worker answers nothing more. */
  end(): void {
    this.#hasEnded = true
    for (const id of [...this.#pending.keys()]) this.settle({ id, value: null, failure: ENDED })
  }
}
