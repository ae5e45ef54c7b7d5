import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'

/** A line of a plot; `color` is the name of a custom property of the style sheet. */
export interface Series {
  readonly name: string
  readonly color: string
  readonly values: readonly (number | null)[]
}

interface PlotProps {
  /** What it shows, for those who can't see it. */
  readonly label: string
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

const HEIGHT = 150
const SECONDS = 300

/** Lines over the last minutes. */
export function Plot({ label, times, series, format }: PlotProps): VNode {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = [times, ...series.map(({ values }) => values)] as uPlot.AlignedData
  const names = series.map(({ name, color }) => `${name} ${color}`).join('\n')
  useEffect(() => {
    if (place.current === null) return
    return keepDrawn(place.current, (element) => {
      plot.current?.destroy()
      plot.current = new uPlot(optionsFor(element, series, format), data, element)
      return plot.current
    })
  }, [names])
  useEffect(() => plot.current?.setData(data))
  return <div class="plot" ref={place} role="img" aria-label={label} />
}

/** Draws, and again in other colors, or as wide as the place has become; returns what ends that. */
function keepDrawn(element: HTMLElement, draw: (element: HTMLElement) => uPlot): () => void {
  let plot = draw(element)
  const redraw = (): void => {
    plot = draw(element)
  }
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', redraw)
  const sizes = new ResizeObserver(() =>
    plot.setSize({ width: element.clientWidth, height: HEIGHT }),
  )
  sizes.observe(element)
  return () => {
    dark.removeEventListener('change', redraw)
    sizes.disconnect()
    plot.destroy()
  }
}

function optionsFor(
  element: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
): uPlot.Options {
  const styles = getComputedStyle(element)
  const color = (name: string): string => styles.getPropertyValue(`--${name}`).trim()
  const axis = {
    stroke: color('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: {
      x: { range: (_, __, end) => [end - SECONDS, end] },
      y: { range: (_, __, high) => [0, Math.max(high ?? 0, 1) * 1.1] },
    },
    axes: [
      { ...axis, size: 22, space: 70, values: '{HH}:{mm}' },
      { ...axis, size: 48, space: 32, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map((one) => ({
        label: one.name,
        stroke: color(one.color),
        width: 1.5,
        points: { show: false },
      })),
    ],
  }
}
