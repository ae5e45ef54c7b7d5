import type { Answer } from '../../../answers/answers.ts'
import type { AttemptOwner } from './attempt.ts'

/** Whoever a request is delivered for; hears of the attempt that counts, and after its end nothing more. */
export interface DeliveryOwner
  extends Pick<AttemptOwner, 'onInformation' | 'onBytes' | 'onEnd' | 'onTunnel'> {
  /** The response has begun; its fields are as they go to the client. */
  readonly onResponse: (status: number, reason: string, fields: string[]) => void
  /** No attempt is left, or the response broke off. */
  readonly onFailure: (answer: Answer) => void
}
