import type { VNode } from 'preact'
import { findAttention } from '../state/attention.ts'
import type { Seen } from '../state/watch.ts'

/** What needs attention, above everything else. */
export function AttentionList({ seen }: { readonly seen: Seen }): VNode {
  const found = seen.status === null && seen.isConnected ? [] : findAttention(seen)
  return (
    <div class="attention" aria-live="polite" aria-relevant="additions">
      {found.map(({ level, title, text, section }) => (
        <a key={title + section} class={level} href={`#${section}`}>
          <b>{title}</b> <span>{text}</span>
        </a>
      ))}
    </div>
  )
}
