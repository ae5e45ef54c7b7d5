import type { VNode } from 'preact'
import type { TargetView, UpstreamView } from '../state/answers.ts'
import { clock, count, plural } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

const COLUMNS = ['in flight', 'waiting', 'connections'] as const

/** The targets of each upstream, and whether they are well. */
export function Upstreams({ upstreams }: { readonly upstreams: readonly UpstreamView[] }): VNode {
  const targets = upstreams.flatMap((upstream) => upstream.targets)
  const out = targets.filter(({ state }) => state !== 'up').length
  const note = `${plural(targets.length, 'target')}${out > 0 ? `, ${out} not up` : ''}`
  return (
    <Section id="upstreams" title="Upstreams" note={note}>
      <Scroll label="Targets">
        <table>
          <thead>
            <tr>
              <th scope="col">upstream</th>
              <th scope="col">target</th>
              <th scope="col">state</th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{upstreams.map(rowsOf)}</tbody>
        </table>
      </Scroll>
    </Section>
  )
}

function rowsOf({ name, retriesLeft, targets }: UpstreamView): VNode[] {
  return targets.map((target, index) => (
    <tr key={`${name} ${target.url}`}>
      {index > 0 ? null : (
        <th scope="rowgroup" rowSpan={targets.length}>
          {name}
          <small>retries left: {count(retriesLeft)}</small>
        </th>
      )}
      <td class="path">
        {target.url}
        {target.weight === 1 ? null : <small> weight {target.weight}</small>}
      </td>
      <td>
        <span class={`state ${target.state}`}>{stateOf(target)}</span>
        {checkOf(target)}
      </td>
      {numbersOf(target).map((value, at) => (
        <td key={COLUMNS[at]} class="number">
          {value}
        </td>
      ))}
    </tr>
  ))
}

function stateOf({ state, share }: TargetView): string {
  return state === 'recovering' ? `${state}, ${Math.round(100 * share)} %` : state
}

function checkOf({ lastCheck }: TargetView): VNode | null {
  if (lastCheck === null) return null
  const { outcome, at } = lastCheck
  return (
    <small>
      check {outcome}, {clock(at)}
    </small>
  )
}

function numbersOf({ inFlight, waiting, connections, idle }: TargetView): string[] {
  const ofThose = idle === 0 ? '' : `, ${count(idle)} idle`
  return [count(inFlight), count(waiting), `${count(connections)}${ofThose}`]
}
