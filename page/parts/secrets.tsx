import type { VNode } from 'preact'
import type { KeyView, SecretView } from '../state/answers.ts'
import { duration, isPast, moment, plural } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

/** The operator's secrets by name, and whether they can be used; never a value. */
export function Secrets({ secrets }: { readonly secrets: readonly SecretView[] }): VNode {
  return (
    <Section id="secrets" title="Secrets and keys" note={plural(secrets.length, 'secret')}>
      {secrets.length === 0 ? (
        <p class="empty">The file names none.</p>
      ) : (
        <Scroll label="Keys by secret">
          <table>
            <thead>
              <tr>
                <th scope="col">secret</th>
                <th scope="col">source</th>
                <th scope="col">state</th>
                <th scope="col">since</th>
              </tr>
            </thead>
            <tbody>{secrets.map(rowsOf)}</tbody>
          </table>
        </Scroll>
      )}
    </Section>
  )
}

function rowsOf({ name, keys }: SecretView): VNode[] {
  return keys.map((key, index) => (
    <tr key={`${name} ${index}`}>
      {index > 0 ? null : (
        <th scope="rowgroup" rowSpan={keys.length}>
          {name}
        </th>
      )}
      <td class="path">{key.source}</td>
      <td>{stateOf(key)}</td>
      <td>{key.since === null ? '–' : moment(key.since)}</td>
    </tr>
  ))
}

function stateOf({ reason, restsMs, expires }: KeyView): VNode {
  if (reason !== null) return <span class="state down">can't be read: {reason}</span>
  if (restsMs > 0) return <span class="state recovering">rests for {duration(restsMs)}</span>
  if (isPast(expires)) return <span class="state down">expired {moment(expires)}</span>
  const until = expires === null ? '' : ` until ${moment(expires)}`
  return <span class="state up">ready{until}</span>
}
