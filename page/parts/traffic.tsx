import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Status } from '../state/answers.ts'
import { type Counts, countsOf, DIMENSIONS, type Dimension, type Sample } from '../state/samples.ts'
import { count, duration, rate } from '../state/words.ts'
import { Plot, type Series } from './plot.tsx'
import { Scroll, Section } from './section.tsx'

interface TrafficProps {
  readonly samples: readonly Sample[]
  readonly traffic: Status['traffic'] | undefined
}

/** Lines that one plot tells apart. */
const LINES = 6

/** What is asked, how long it takes and what fails, over the last minutes. */
export function Traffic({ samples, traffic }: TrafficProps): VNode {
  const [dimension, choose] = useState<Dimension>('route')
  const totals = traffic ? countsOf(traffic)[dimension] : {}
  const names = busiest(totals)
  const times = samples.map(({ time }) => time)
  const series = names.map((name, index) => ({
    name,
    color: `line-${index}`,
    values: samples.map(({ rates }) => rates[dimension][name] ?? 0),
  }))
  return (
    <Section id="traffic" title="Traffic" note="the last five minutes">
      <div class="plots">
        <figure class="wide">
          <figcaption>
            Requests a second by <Dimensions chosen={dimension} choose={choose} />
          </figcaption>
          <Plot label={`Requests a second by ${dimension}`} {...{ times, series }} format={rate} />
          <Totals dimension={dimension} totals={totals} names={names} now={samples.at(-1)} />
        </figure>
        <Timings samples={samples} times={times} />
        <Failures samples={samples} times={times} />
      </div>
    </Section>
  )
}

function busiest(totals: Counts): string[] {
  const sorted = Object.entries(totals).sort(([, a], [, b]) => b - a)
  return sorted.slice(0, LINES).map(([name]) => name)
}

interface DimensionsProps {
  readonly chosen: Dimension
  readonly choose: (dimension: Dimension) => void
}

function Dimensions({ chosen, choose }: DimensionsProps): VNode {
  return (
    <span class="choices">
      {DIMENSIONS.map((one) => (
        <button key={one} type="button" aria-pressed={one === chosen} onClick={() => choose(one)}>
          {one === 'kind' ? 'credential' : one}
        </button>
      ))}
    </span>
  )
}

interface TotalsProps {
  readonly dimension: Dimension
  readonly totals: Counts
  readonly names: readonly string[]
  readonly now: Sample | undefined
}

function Totals({ dimension, totals, names, now }: TotalsProps): VNode {
  const rest = Object.keys(totals).filter((name) => !names.includes(name))
  return (
    <Scroll label={`Requests by ${dimension}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{dimension === 'kind' ? 'kind of credential' : dimension}</th>
            <th scope="col" class="number">
              a second
            </th>
            <th scope="col" class="number">
              in all
            </th>
          </tr>
        </thead>
        <tbody>
          {[...names, ...rest].map((name, index) => (
            <tr key={name}>
              <th scope="row">
                <i class={index < LINES ? `swatch line-${index}` : 'swatch'} />
                {name}
              </th>
              <td class="number">{rate(now?.rates[dimension][name] ?? 0)}</td>
              <td class="number">{count(totals[name] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {names.length === 0 ? <p class="empty">No request yet.</p> : null}
    </Scroll>
  )
}

interface LinesProps {
  readonly samples: readonly Sample[]
  readonly times: readonly number[]
}

function Timings({ samples, times }: LinesProps): VNode {
  const series = [
    { name: '99 %', color: 'warn', values: samples.map(({ p99 }) => p99) },
    { name: 'half', color: 'accent', values: samples.map(({ p50 }) => p50) },
  ]
  return <Lines title="Requests take up to" {...{ times, series }} format={duration} />
}

function Failures({ samples, times }: LinesProps): VNode {
  const values = (name: string): number[] => samples.map(({ errors }) => errors[name] ?? 0)
  const series = [
    { name: '5xx', color: 'bad', values: values('5xx') },
    { name: '4xx', color: 'warn', values: values('4xx') },
    { name: "Keyway's own", color: 'line-3', values: values('keyway') },
  ]
  return <Lines title="Failures a second" {...{ times, series }} format={rate} />
}

interface LinesOptions {
  readonly title: string
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

function Lines({ title, times, series, format }: LinesOptions): VNode {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <Plot label={title} {...{ times, series, format }} />
      <ul class="legend">
        {series.map(({ name, color, values }) => (
          <li key={name}>
            <i class={`swatch ${color}`} />
            {name} <b>{format(values.at(-1) ?? 0)}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}
