import type { VNode } from 'preact'
import type { Status } from '../state/answers.ts'
import { type Sample, sum } from '../state/samples.ts'
import { count, duration, rate } from '../state/words.ts'

interface FiguresProps {
  readonly status: Status | null
  readonly sample: Sample | undefined
}

/** The few numbers to look at first. */
export function Figures({ status, sample }: FiguresProps): VNode {
  const ms = (value: number | null | undefined): string => (value ? duration(value) : '–')
  const figures = [
    ['requests a second', sample ? rate(sample.requests) : '–'],
    ['failures a second', sample ? rate(sum(sample.errors)) : '–'],
    ['half take up to', ms(sample?.p50)],
    ['99 % take up to', ms(sample?.p99)],
    ['open, streams too', status ? count(status.inFlight) : '–'],
    ['connections', status ? count(status.connections) : '–'],
    ['requests in all', status ? count(status.requests) : '–'],
    ['processes', status ? count(status.processes) : '–'],
  ]
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
