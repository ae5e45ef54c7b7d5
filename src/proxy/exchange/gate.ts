import { answerOf } from '../../answers/answers.ts'
import type { Forward } from '../../routing/decide/decision.ts'
import type { BadBody, Occupant } from '../client/connections.ts'
import type { Incoming } from './incoming.ts'
import { refuse } from './refuse.ts'

/** Holds a connection's turn while it is asked whether a request may go on. */
class Gate implements Occupant {
  hasClient = true
  private readonly incoming: Incoming
  private readonly forward: Forward

  constructor(incoming: Incoming, forward: Forward) {
    this.incoming = incoming
    this.forward = forward
  }

  onClientGone(): void {
    if (!this.hasClient) return
    this.hasClient = false
    this.incoming.recording?.finish(499, 'client_left')
    this.leave()
  }

  onBadMessage(code: BadBody): boolean {
    if (!this.hasClient) return false
    this.hasClient = false
    const { errors, editOwn } = this.forward
    this.incoming.response.shouldKeepAlive = false
    refuse(this.incoming, { ...answerOf(code), errors, editOwn }, this.forward)
    this.leave()
    return true
  }

  onShutdown(): void {
    this.incoming.response.shouldKeepAlive = false
  }

  /** Gives the turn on. */
  leave(): void {
    this.incoming.connection.leave(this)
  }
}

/** Lets a request go on where its limits allow it, and answers it where they don't. */
export async function passGate(
  incoming: Incoming,
  forward: Forward,
  goOn: (incoming: Incoming) => void,
): Promise<void> {
  const { connection, context } = incoming
  const { charges, errors, editOwn } = forward
  const gate = new Gate(incoming, forward)
  connection.occupant = gate
  const admission = await context.admit(charges)
  if (!gate.hasClient) {
    if (admission.isAdmitted) admission.release()
    return
  }
  gate.hasClient = false
  if (admission.isAdmitted) goOn({ ...incoming, permit: admission })
  else refuse(incoming, { ...admission.answer, errors, editOwn }, forward)
  gate.leave()
}
