import type { VNode } from 'preact'
import type { TimedEvent } from '../state/answers.ts'
import { clock, duration } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

/** What just happened, the latest first. */
export function Events({ events }: { readonly events: readonly TimedEvent[] }): VNode {
  const note = 'reloads, targets, and some of the requests'
  return (
    <Section id="events" title="Events" note={note}>
      {events.length === 0 ? <p class="empty">Nothing yet.</p> : null}
      <Scroll label="Latest events">
        <ol class="events">
          {events.map((event, index) => (
            <li key={index} class={event.type}>
              <time dateTime={event.time}>{clock(event.time)}</time> <Told event={event} />
            </li>
          ))}
        </ol>
      </Scroll>
    </Section>
  )
}

function Told({ event }: { readonly event: TimedEvent }): VNode {
  switch (event.type) {
    case 'reload':
      return (
        <span>
          reload <b>{event.outcome}</b>, generation {event.generation}
        </span>
      )
    case 'target':
      return (
        <span>
          target <span class="path">{event.target}</span> of {event.upstream} is{' '}
          <b>{event.state}</b>
        </span>
      )
    case 'limit-store':
      return (
        <span>
          the limits' store is <b>{event.state}</b>
        </span>
      )
    case 'request':
      return <Asked event={event} />
  }
}

function Asked({ event }: { readonly event: Extract<TimedEvent, { type: 'request' }> }): VNode {
  const { method, route, rule, upstream, status, code, credentialKind, durationMs } = event
  const way = [route ?? 'no route', rule, upstream].filter((part) => part !== null).join(' › ')
  return (
    <span>
      <b class={status < 400 ? '' : 'failed'}>{status}</b> {method} {way}
      {code === null ? '' : `, ${code}`} · {credentialKind ?? 'no credential'} ·{' '}
      {duration(durationMs)}
    </span>
  )
}
