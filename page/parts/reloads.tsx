import type { VNode } from 'preact'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import type { ConfigView, PastReload } from '../state/answers.ts'
import { clock, plural } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

interface ReloadsProps {
  readonly disk: ConfigView['disk']
  readonly reloads: readonly PastReload[]
}

/** What became of the file each time it was read anew, in words. */
export function Reloads({ disk, reloads }: ReloadsProps): VNode {
  const note = disk === null ? 'what stands on disk runs' : 'what stands on disk does not run'
  return (
    <Section id="reloads" title="Reloads" note={note}>
      {reloads.length === 0 ? <p class="empty">None since the start.</p> : null}
      <ol class="reloads">
        {reloads.map((reload, index) => (
          <Reload key={reload.time} reload={reload} isOpen={index === 0} />
        ))}
      </ol>
    </Section>
  )
}

const WELL: readonly string[] = ['applied', 'restored', 'unchanged']

function Reload({
  reload,
  isOpen,
}: {
  readonly reload: PastReload
  readonly isOpen: boolean
}): VNode {
  const { time, outcome, generation, changes, needsRestart, diagnostics } = reload
  const isWell = WELL.includes(outcome)
  const summary = isWell ? plural(changes.length, 'change') : plural(diagnostics.length, 'finding')
  return (
    <li>
      <details open={isOpen}>
        <summary>
          <time dateTime={time}>{clock(time)}</time>
          <span class={`state ${isWell ? 'up' : 'down'}`}>{outcome}</span>
          <span>
            generation {generation}, {summary}
          </span>
        </summary>
        <ul>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
          {needsRestart.map((key) => (
            <li key={key}>{key} takes effect at the next start</li>
          ))}
          {diagnostics.map((finding) => (
            <li key={`${finding.line}:${finding.column} ${finding.message}`}>
              <Finding finding={finding} />
            </li>
          ))}
        </ul>
      </details>
    </li>
  )
}

function Finding({ finding }: { readonly finding: Diagnostic }): VNode {
  const { file, line, column, length, severity, code, path, message, hint, sourceLine } = finding
  return (
    <div class={`finding ${severity}`}>
      <p>
        <span class="path">
          {file}:{line}:{column}
        </span>{' '}
        {severity} <code>{code}</code> {path === '' ? '' : `${path}: `}
        <b>{message}</b>
        {hint === undefined ? '' : `; ${hint}`}
      </p>
      {sourceLine === undefined ? null : (
        <Scroll label={`Line ${line}`}>
          <pre>
            {sourceLine}
            {'\n'}
            <span aria-hidden="true">{' '.repeat(column - 1) + '^'.repeat(length)}</span>
          </pre>
        </Scroll>
      )}
    </div>
  )
}
