import type { VNode } from 'preact'
import type { OpenRoute } from '../state/answers.ts'
import { count, plural } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

const FORMS = [
  ['plain', 'plain'],
  ['sse', 'event streams'],
  ['websocket', 'WebSockets'],
] as const

/** Requests under way, told apart by how they are answered. */
export function OpenRequests({ open }: { readonly open: readonly OpenRoute[] }): VNode {
  const busy = open.filter((route) => FORMS.some(([form]) => route[form] > 0))
  const note = [
    `${count(total(open, 'plain'))} plain`,
    plural(total(open, 'sse'), 'event stream'),
    plural(total(open, 'websocket'), 'WebSocket'),
  ].join(', ')
  return (
    <Section id="open" title="Under way" note={note}>
      {busy.length === 0 ? (
        <p class="empty">Nothing just now.</p>
      ) : (
        <Scroll label="Requests under way by route">
          <table>
            <thead>
              <tr>
                <th scope="col">route</th>
                {FORMS.map(([form, name]) => (
                  <th key={form} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{busy.map(rowOf)}</tbody>
          </table>
        </Scroll>
      )}
    </Section>
  )
}

function rowOf(route: OpenRoute): VNode {
  return (
    <tr key={route.route}>
      <th scope="row">{route.route}</th>
      {FORMS.map(([form]) => (
        <td key={form} class="number">
          {count(route[form])}
        </td>
      ))}
    </tr>
  )
}

function total(open: readonly OpenRoute[], form: (typeof FORMS)[number][0]): number {
  return open.reduce((sum, route) => sum + route[form], 0)
}
