import type { VNode } from 'preact'
import type { ExplainedRule } from '../../src/routing/decide/explain/explain.ts'
import type { Explained } from '../state/explained.ts'

/** What would become of a request, and every step to it. */
export function Explanation({ explained }: { readonly explained: Explained }): VNode {
  const { credential, route, rules, decision } = explained
  return (
    <div class="explanation">
      <Verdict decision={decision} />
      <dl>
        <dt>route</dt>
        <dd>{route ?? <Misses routes={explained.otherRoutes} />}</dd>
        <dt>credential</dt>
        <dd>
          {credential === null
            ? 'none'
            : `${credential.kind} ${credential.fingerprint}, in ${credential.source}`}
        </dd>
        <dt>rules</dt>
        <dd>{rules.length === 0 ? 'none' : <Rules rules={rules} />}</dd>
        {decision.action === 'reject' ? null : (
          <>
            <dt>leaves</dt>
            <dd>
              <pre>{decision.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
            </dd>
          </>
        )}
      </dl>
    </div>
  )
}

function Verdict({ decision }: Pick<Explained, 'decision'>): VNode {
  if (decision.action === 'reject')
    return (
      <p class="verdict bad">
        <b>
          {decision.status} {decision.code}
        </b>{' '}
        {decision.message}
      </p>
    )
  const { upstream, path } = decision
  return (
    <p class="verdict good">
      <b>to {upstream.name}</b> as <code>{path}</code>
    </p>
  )
}

/** Routes told of where none matches. */
const NEAREST = 5

function Misses({ routes }: { readonly routes: Explained['otherRoutes'] }): VNode {
  return (
    <>
      none matches
      <ul>
        {routes.slice(0, NEAREST).map(({ name, path, misses }) => (
          <li key={name}>
            not {name} (<code>{path}</code>): {misses.join('; ')}
          </li>
        ))}
      </ul>
    </>
  )
}

const MARKS = { held: '✓', else: '✓', 'passed over': '✗', 'not reached': '·' } as const

function Rules({ rules }: { readonly rules: readonly ExplainedRule[] }): VNode {
  return (
    <ol>
      {rules.map((rule) => (
        <li key={rule.name} class={rule.verdict.replace(' ', '-')}>
          <span aria-hidden="true">{MARKS[rule.verdict]}</span> <b>{rule.name}</b> {describe(rule)}
        </li>
      ))}
    </ol>
  )
}

function describe({ verdict, condition }: ExplainedRule): string {
  if (verdict === 'not reached') return 'is not reached'
  if (condition === null) return 'always holds'
  const { holds, description, observed } = condition
  if (holds) return `holds: ${description}`
  const why = observed === null ? description : `${description}; ${observed}`
  return verdict === 'else' ? `does not hold, so its else: ${why}` : `does not hold: ${why}`
}
