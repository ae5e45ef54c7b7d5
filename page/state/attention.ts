import type { KeyView, Status } from './answers.ts'
import { duration, isPast, moment, plural } from './words.ts'
import type { Seen } from './watch.ts'

/** Something that whoever runs Keyway should look at. */
export interface Attention {
  readonly level: 'bad' | 'warn'
  readonly title: string
  readonly text: string
  /** The section of the page that tells more. */
  readonly section: string
}

/** Finds what needs attention, the worst first. */
export function findAttention({ status, config, events, isConnected }: Seen): Attention[] {
  const found = [
    ...(isConnected ? [] : [LOST]),
    ...aboutFile(config?.disk ?? null),
    ...(status === null ? [] : [...aboutReadiness(status), ...aboutTargets(status)]),
    ...(status === null ? [] : aboutKeys(status)),
    ...aboutStore(events),
  ]
  return [...found.filter(isBad), ...found.filter((one) => !isBad(one))]
}

const isBad = ({ level }: Attention): boolean => level === 'bad'

const LOST: Attention = {
  level: 'bad',
  title: 'Keyway does not answer',
  text: 'what stands here was so when it last did',
  section: 'page',
}

function aboutFile(disk: NonNullable<Seen['config']>['disk']): Attention[] {
  if (disk === null) return []
  const errors = disk.diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${plural(errors.length - 1, 'more finding')})` : ''
  const text = first ? `line ${first.line}: ${first.message}${more}` : `it is ${disk.outcome}`
  return [{ level: 'bad', title: 'The file on disk does not run', text, section: 'reloads' }]
}

function aboutReadiness({ readiness }: Status): Attention[] {
  if (readiness === 'ready') return []
  const text = 'no new requests are meant for it'
  return [{ level: 'warn', title: `Keyway is ${readiness}`, text, section: 'page' }]
}

function aboutTargets({ upstreams }: Status): Attention[] {
  return upstreams.flatMap(({ name, targets }) =>
    targets
      .filter(({ state }) => state !== 'up')
      .map(({ url, state }) => ({
        level: state === 'recovering' ? ('warn' as const) : ('bad' as const),
        title: `A target of ${name} is ${state}`,
        text: url,
        section: 'upstreams',
      })),
  )
}

function aboutKeys({ secrets }: Status): Attention[] {
  return secrets.flatMap(({ name, isPool, keys }) =>
    keys.flatMap((key, index) =>
      aboutKey(isPool ? `Key ${index + 1} of ${name}` : `The secret ${name}`, key),
    ),
  )
}

function aboutKey(what: string, { source, reason, restsMs, since, expires }: KeyView): Attention[] {
  const section = 'secrets'
  if (reason !== null) {
    const text = `${source}: ${reason}${since === null ? '' : `, since ${moment(since)}`}`
    return [{ level: 'bad', title: `${what} can't be read`, text, section }]
  }
  if (isPast(expires))
    return [{ level: 'bad', title: `${what} has expired`, text: source, section }]
  if (restsMs === 0) return []
  const text = `${source}, for ${duration(restsMs)}`
  return [{ level: 'warn', title: `${what} rests`, text, section }]
}

function aboutStore(events: Seen['events']): Attention[] {
  const last = events.find(({ type }) => type === 'limit-store')
  if (last?.type !== 'limit-store' || last.state !== 'away') return []
  const text = 'limits are kept as server.store.away says'
  return [{ level: 'bad', title: "The limits' store is away", text, section: 'events' }]
}
