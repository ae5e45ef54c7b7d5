import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { askToExplain, type Explained, type WrittenRequest } from '../state/explained.ts'
import { Explanation } from './explanation.tsx'
import { Section } from './section.tsx'

type Answer = Explained | { readonly error: string } | null

/** A form that asks what would become of a request. */
export function Explain(): VNode {
  const [answer, show] = useState<Answer>(null)
  const ask = (event: SubmitEvent): void => {
    event.preventDefault()
    void askToExplain(written(event.currentTarget as HTMLFormElement)).then(show, () =>
      show({ error: 'Keyway does not answer' }),
    )
  }
  return (
    <Section id="try" title="Try a request" note="explained by what runs; nothing is sent">
      <form onSubmit={ask}>
        <label class="method">
          Method
          <input name="method" value="POST" autocomplete="off" required />
        </label>
        <label class="target">
          Path
          <input name="path" placeholder="/anthropic/v1/messages" pattern="/.*" required />
        </label>
        <label class="headers">
          Headers, one a line
          <textarea
            name="headers"
            rows={3}
            spellcheck={false}
            placeholder="authorization: Bearer sk-ant-api03-…"
          />
        </label>
        <button type="submit">Explain</button>
      </form>
      <div aria-live="polite">{answer === null ? null : <Answered answer={answer} />}</div>
    </Section>
  )
}

function written(form: HTMLFormElement): WrittenRequest {
  const data = new FormData(form)
  const text = (name: string): string => String(data.get(name) ?? '')
  return { method: text('method'), path: text('path'), headers: text('headers') }
}

function Answered({ answer }: { readonly answer: NonNullable<Answer> }): VNode {
  if ('error' in answer) return <p class="verdict bad">{answer.error}</p>
  return <Explanation explained={answer} />
}
