import type { NormalAction, NormalReject } from '../../config/shapes/normal-config.ts'
import { compileHeaderOperations } from '../rules/header-operations.ts'
import type { Action, Refusal } from '../rules/route.ts'
import type { TemplateSources } from '../rules/template.ts'

type CompiledResponse = Pick<Action, 'response' | 'ownResponse' | 'urlMode' | 'urlNames'>

const NOTHING: CompiledResponse = { response: null, ownResponse: null, urlMode: null, urlNames: [] }

/** Compiles what an action does to responses. */
export function compileResponse(
  written: NormalAction['response'],
  sources: TemplateSources,
): CompiledResponse {
  if (written === null) return NOTHING
  const response = compileHeaderOperations(written, sources)
  return {
    response,
    ownResponse: written.answers === 'all' ? response : null,
    urlMode: written.location ?? null,
    urlNames: (written.urls ?? []).map((name) => name.toLowerCase()),
  }
}

/** Compiles an answer that the file gives. */
export function compileReject(
  { status, message, headers }: NormalReject,
  sources: TemplateSources,
): Refusal {
  const isPlain = Object.keys(headers).length === 0
  const edit = isPlain ? null : compileHeaderOperations({ set: headers }, sources)
  return { status, message, edit }
}
