import { type ConfigView, get, type Status, type TimedEvent } from './answers.ts'
import { type Reading, type Sample, sampleBetween } from './samples.ts'

/** All that the page shows. */
export interface Seen {
  readonly status: Status | null
  readonly config: ConfigView | null
  /** The latest first. */
  readonly events: readonly TimedEvent[]
  readonly samples: readonly Sample[]
  /** Whether the last question was answered. */
  readonly isConnected: boolean
}

const EVERY_MS = 1_000
const SAMPLES = 300
const EVENTS = 40
/** Readings that a rate is told from, so that it is calm; and that durations are. */
const RATE_READINGS = 4
const DURATION_READINGS = 10

/** Nothing yet. */
export const NOTHING: Seen = {
  status: null,
  config: null,
  events: [],
  samples: [],
  isConnected: true,
}

/** Watches Keyway for as long as the page is open, and asks only while it is looked at. */
export function watch(show: (seen: Seen) => void): void {
  let seen = NOTHING
  let readings: readonly Reading[] = []
  const update = (change: Partial<Seen>): void => {
    seen = { ...seen, ...change }
    show(seen)
  }
  const readConfig = onceAMoment(
    () => void get<ConfigView>('config').then((config) => update({ config }), ignore),
  )
  const readStatus = async (): Promise<void> => {
    try {
      const status = await get<Status>('status')
      const reading = { time: Date.now() / 1_000, traffic: status.traffic }
      const samples = addSample(seen.samples, readings, reading)
      readings = [...readings, reading].slice(-DURATION_READINGS)
      update({ status, samples, isConnected: true })
    } catch {
      update({ isConnected: false })
    }
  }
  followEvents({
    onOpen: () => {
      update({ events: [] })
      readConfig()
    },
    onEvent: (event) => {
      update({ events: [event, ...seen.events].slice(0, EVENTS) })
      if (event.type === 'reload') readConfig()
      if (event.type === 'target') void readStatus()
    },
  })
  void pollWhileVisible(readStatus)
}

function addSample(
  samples: readonly Sample[],
  readings: readonly Reading[],
  reading: Reading,
): readonly Sample[] {
  const first = readings[0]
  if (first === undefined) return samples
  const before = readings.at(-RATE_READINGS) ?? first
  return [...samples, sampleBetween(before, reading, first)].slice(-SAMPLES)
}

async function pollWhileVisible(read: () => Promise<void>): Promise<never> {
  for (;;) {
    if (document.hidden) await once(document, 'visibilitychange')
    else {
      await read()
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  }
}

function once(target: EventTarget, name: string): Promise<unknown> {
  return new Promise((resolve) => target.addEventListener(name, resolve, { once: true }))
}

interface Followers {
  /** A connection stands: all that is kept is told again. */
  readonly onOpen: () => void
  readonly onEvent: (event: TimedEvent) => void
}

function followEvents({ onOpen, onEvent }: Followers): void {
  const source = new EventSource('events')
  source.addEventListener('open', onOpen)
  for (const type of ['reload', 'target', 'limit-store', 'request'])
    source.addEventListener(type, ({ data }) => onEvent(JSON.parse(data)))
}

/** Does something once, however often it is asked for within a moment: events come many at once. */
function onceAMoment(act: () => void): () => void {
  let timer: number | undefined
  return () => {
    clearTimeout(timer)
    timer = window.setTimeout(act, 50)
  }
}

function ignore(): void {
  // The next question tells.
}
