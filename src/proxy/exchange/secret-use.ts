import type { Decision, Forward } from '../../routing/decide/decision.ts'
import type { NoteSecrets, SecretEvent } from '../../routing/secret-notes.ts'
import type { TableUpstream } from '../../routing/table-upstream.ts'

/** Ends that say nothing of a secret: whoever asked for it left, or Keyway did. */
const NO_REFUSALS: ReadonlySet<string | null> = new Set([null, 'client_left', 'cut_by_drain'])

/** Has it noted what becomes of the operator's secrets for one request. */
export class SecretUse {
  private readonly id: string
  private readonly note: NoteSecrets
  private isSettled = false

  constructor(id: string, note: NoteSecrets) {
    this.id = id
    this.note = note
  }

  /** They are about to leave for a host; false: that can't be noted, so they must not. */
  begin(forward: Forward, host: string): true | Promise<boolean> {
    const { secrets } = forward
    if (secrets.length === 0) return true
    const events = uniqueNames(secrets).map(({ name, value }) =>
      this.describe(forward, { secret: name, value, upstream: forward.upstream.config.name, host }),
    )
    const noted = this.note(events)
    if (noted === true) this.isSettled = true
    else void noted.then((isNoted) => (this.isSettled ||= isNoted))
    return noted
  }

  /** The request is over; `code` is that of an answer of Keyway's. */
  end(decision: Decision | null, code: string | null): void {
    if (this.isSettled || decision === null || NO_REFUSALS.has(code)) return
    this.isSettled = true
    const { upstream } = decision.action === 'forward' ? decision : decision.spared
    const where = {
      value: null,
      upstream: upstream?.config.name ?? null,
      host: upstream && hostOf(upstream),
    }
    const secrets =
      decision.action === 'forward'
        ? uniqueNames(decision.secrets)
        : decision.spared.names.map((name) => ({ name, value: null }))
    if (secrets.length === 0) return
    const events = secrets.map(({ name, value }) =>
      this.describe(decision, { ...where, secret: name, value, code }),
    )
    void this.note(events)
  }

  private describe(
    { client, clientIp, route, rule }: Decision,
    what: Pick<SecretEvent, 'secret' | 'value' | 'upstream' | 'host'> & {
      readonly code?: string | null
    },
  ): SecretEvent {
    const { code = null, ...where } = what
    return {
      outcome: code === null ? 'used' : 'refused',
      ...where,
      client: client?.name ?? null,
      address: clientIp,
      route,
      rule,
      id: this.id,
      code,
    }
  }
}

/** As it is told of what is about to leave. */
function hostOf({ builtin, host }: TableUpstream): string {
  return builtin === null ? host : `builtin:${builtin}`
}

/** The first of each name: those behind it are the same, as they are written. */
function uniqueNames<T extends { readonly name: string }>(secrets: readonly T[]): readonly T[] {
  return secrets.filter(({ name }, at) => secrets.findIndex((one) => one.name === name) === at)
}
