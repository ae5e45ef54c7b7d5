import { Component, type VNode } from 'preact'
import type { ConfigView, Status } from '../state/answers.ts'
import {
  isUnmatched,
  linesOf,
  type Mark,
  type Marks,
  markLines,
  unmatchedRules,
} from '../state/marks.ts'
import { count, plural } from '../state/words.ts'
import { Scroll, Section } from './section.tsx'

interface RunningFileProps {
  readonly live: ConfigView['live'] | undefined
  readonly traffic: Status['traffic'] | undefined
}

/** The file that runs, with what each rule did beside its line. */
export function RunningFile({ live, traffic }: RunningFileProps): VNode {
  const marks = markLines(live?.routes ?? [], traffic?.routes ?? [])
  const lines = live ? linesOf(live) : []
  const note = 'requests since the start, beside each route and rule'
  return (
    <Section id="file" title="Running file" note={note}>
      <Unmatched marks={marks} />
      <Scroll label="Lines of the file">
        <table class="file">
          <thead class="hidden">
            <tr>
              <th scope="col">line</th>
              <th scope="col">requests</th>
              <th scope="col">text</th>
            </tr>
          </thead>
          {blocksOf(lines).map((block, index) => (
            <Block key={block.first} {...block} lines={block.lines} marks={marks} at={index} />
          ))}
        </table>
      </Scroll>
    </Section>
  )
}

/** Names shown of the rules that nothing matched. */
const NAMES = 20

function Unmatched({ marks }: { readonly marks: Marks }): VNode | null {
  const unmatched = unmatchedRules(marks)
  if (unmatched.length === 0) return null
  return (
    <p class="unmatched">
      {plural(unmatched.length, 'rule')} never matched:{' '}
      {unmatched.slice(0, NAMES).map(([line, { name }]) => (
        <a key={`${line} ${name}`} href={`#line-${line}`}>
          {name}
        </a>
      ))}
      {unmatched.length > NAMES ? ' …' : ''}
    </p>
  )
}

interface BlockProps {
  /** The number of its first line. */
  readonly first: number
  readonly lines: readonly string[]
}

const BLOCK = 50

function blocksOf(lines: readonly string[]): readonly BlockProps[] {
  return Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, index) => ({
    first: index * BLOCK + 1,
    lines: lines.slice(index * BLOCK, (index + 1) * BLOCK),
  }))
}

type DrawnProps = BlockProps & { readonly marks: Marks; readonly at: number }

/** Some lines, drawn anew only where something in them is new: a file may have ten thousand. */
class Block extends Component<DrawnProps> {
  override shouldComponentUpdate(next: DrawnProps): boolean {
    return keyOf(next) !== keyOf(this.props)
  }

  override render({ first, lines, marks }: DrawnProps): VNode {
    return (
      <tbody>
        {lines.map((line, index) => (
          <Line
            key={first + index}
            number={first + index}
            text={line}
            marks={marks.get(first + index)}
          />
        ))}
      </tbody>
    )
  }
}

function keyOf({ first, lines, marks }: DrawnProps): string {
  return lines
    .map((line, index) => line + JSON.stringify(marks.get(first + index) ?? ''))
    .join('\n')
}

interface LineProps {
  readonly number: number
  readonly text: string
  readonly marks: readonly Mark[] | undefined
}

function Line({ number, text, marks = [] }: LineProps): VNode {
  const isNever = marks.some((mark) => mark.kind === 'rule' && isUnmatched(mark))
  const looks = marks.length === 0 ? '' : isNever ? 'never' : 'marked'
  return (
    <tr id={`line-${number}`} class={looks}>
      <th scope="row">{number}</th>
      <td class="hits">
        {marks.map((mark) => (
          <Hits key={`${mark.kind} ${mark.name}`} mark={mark} />
        ))}
      </td>
      <td>
        <code>{colored(text)}</code>
      </td>
    </tr>
  )
}

function Hits({ mark }: { readonly mark: Mark }): VNode {
  const { kind, name, hits, otherwise } = mark
  const number = isUnmatched(mark) ? 'never' : count(hits)
  return (
    <span class={kind} title={`${kind} ${name}`}>
      {number}
      {otherwise > 0 ? <small> else {count(otherwise)}</small> : null}
    </span>
  )
}

/** Keys and comments apart from values. */
function colored(text: string): VNode {
  const [, key = '', rest = '', comment = ''] =
    /^(\s*(?:- )*[\w.$-]+:(?=\s|$))?((?:[^#]|\S#)*)(#.*)?$/.exec(text) ?? ['', '', text, '']
  return (
    <>
      {key === '' ? null : <span class="key">{key}</span>}
      {rest}
      {comment === '' ? null : <span class="comment">{comment}</span>}
    </>
  )
}
