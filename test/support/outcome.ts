import type { CompileOptions } from '../../src/loading/compile-snapshot.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { compileText, view } from './compile-text.ts'

/** Fields that Keyway writes on every request by itself. */
const OWN = /^(x-forwarded-(for|proto|host)|x-request-id)$/i

interface Asked {
  readonly target?: string
  readonly headers?: readonly string[]
  readonly more?: Partial<RequestView>
  readonly options?: Partial<CompileOptions>
}

/** What becomes of a request: `403 code`, or the target and then the fields that leave beside Keyway's own. */
export function outcomeOf(file: string, asked: Asked = {}): string | string[] {
  const { target = '/', headers = [], more, options } = asked
  const { table } = compileText(`version: 1\n${file}`, options)
  const decision = table.decide(view(target, headers, more))
  if (decision.action === 'reject') return `${decision.status} ${decision.code}`
  const fields = decision.headers.flatMap((name, i, all) =>
    i % 2 === 0 && !OWN.test(name) ? [`${name}: ${all[i + 1]}`] : [],
  )
  return [decision.target, ...fields]
}
