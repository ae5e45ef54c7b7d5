import { METHODS } from 'node:http'
import { ANSWER_STATUS, type AnswerCode } from '../../answers/answers.ts'
import type { SeenDecision, SeenEnd } from '../../proof/seen-decision.ts'

/** What an event of a feed is for a recorder. */
export type SeenEvent =
  | {
      readonly type: 'decision'
      readonly seen: SeenDecision
      /** null: none that is in use. */
      readonly method: string | null
    }
  | { readonly type: 'reload' }

/** Reads an event of which nothing is known; null: it is about something else. */
export function parseEvent(event: unknown): SeenEvent | null {
  if (!isRecord(event)) return null
  if (event.type === 'reload') return event.outcome === 'applied' ? { type: 'reload' } : null
  if (event.type !== 'request') return null
  const first = isRecord(event.first) ? event.first : event
  const end = endOf(first.upstream, event)
  if (end === null) return null
  const seen = {
    route: textOf(event.route),
    rule: textOf(first.rule),
    branch: branchOf(first.branch),
    end,
    credential: credentialOf(event),
    client: textOf(event.client),
  }
  return { type: 'decision', seen, method: methodOf(event.method) }
}

/** Only what Keyway's own code says counts: a client that left made no decision. */
function endOf(upstream: unknown, { status, code }: Record<string, unknown>): SeenEnd | null {
  if (typeof upstream === 'string') return { upstream }
  if (typeof code !== 'string' || typeof status !== 'number') return null
  return ANSWER_STATUS.has(code as AnswerCode) ? { status, code } : null
}

function credentialOf(event: Record<string, unknown>): SeenDecision['credential'] {
  const { credentialKind: kind, credentialSource: source, credentialScheme: scheme } = event
  if (typeof kind !== 'string' || typeof source !== 'string') return null
  return { kind, source, scheme: textOf(scheme) }
}

function branchOf(branch: unknown): SeenDecision['branch'] {
  return branch === 'then' || branch === 'else' ? branch : null
}

/** A client may send any word as a method. */
function methodOf(method: unknown): string | null {
  return typeof method === 'string' && METHODS.includes(method) ? method : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
