import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { post } from '../state/answers.ts'
import type { Seen } from '../state/watch.ts'
import { clock } from '../state/words.ts'

const SECTIONS = ['traffic', 'open', 'upstreams', 'secrets', 'file', 'try', 'reloads', 'events']

/** Which file runs, and the way around the page. */
export function Header({ seen: { config, status, isConnected } }: { seen: Seen }): VNode {
  const state = isConnected ? (status?.readiness ?? 'asking') : 'away'
  return (
    <header>
      <div class="name">
        <h1>Keyway</h1>
        <span class={`state ${state === 'ready' ? 'up' : 'down'}`}>{state}</span>
        {config === null ? null : <Live live={config.live} />}
        <ReloadButton />
      </div>
      <nav aria-label="Sections">
        {SECTIONS.map((name) => (
          <a key={name} href={`#${name}`}>
            {name}
          </a>
        ))}
      </nav>
    </header>
  )
}

function Live({ live }: Pick<NonNullable<Seen['config']>, 'live'>): VNode {
  return (
    <p class="live">
      <span class="path">{live.file}</span> generation <b>{live.generation}</b> ·{' '}
      <code>{live.hash}</code> · since <time dateTime={live.since}>{clock(live.since)}</time>
    </p>
  )
}

function ReloadButton(): VNode {
  const [said, say] = useState('')
  const reload = (): void => {
    say('…')
    void post('reload').then(
      (answer) => say((answer as { outcome: string }).outcome),
      () => say('no answer'),
    )
  }
  return (
    <span class="reload">
      <output>{said}</output>
      <button type="button" onClick={reload}>
        Reload the file
      </button>
    </span>
  )
}
