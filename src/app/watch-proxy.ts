import type { SecretStatus } from '../credentials/secrets/secret-store.ts'
import type { Metrics } from '../observability/metrics/create-metrics.ts'
import type { Series, SeriesDescription } from '../observability/metrics/register-series.ts'
import type { ProxyServer } from '../proxy/listener/proxy-server.ts'
import type { SlotStatus } from '../proxy/upstream/upstream-group.ts'
import type { SnapshotStore } from '../routing/snapshot.ts'

/** Reads what is so at the moment whenever the metrics are asked for. */
export function watchProxy(metrics: Metrics, proxy: ProxyServer, store: SnapshotStore): void {
  const gauge = (
    name: string,
    help: string,
    read: () => readonly Series[],
    aggregator: NonNullable<SeriesDescription['aggregator']> = 'sum',
  ): void => metrics.watch({ name, help, type: 'gauge', aggregator }, read)

  gauge('keyway_client_connections', 'Open client connections.', () =>
    one(proxy.stats().connections),
  )
  gauge('keyway_requests_in_flight', 'Requests that hold a place at an upstream.', () =>
    one(proxy.stats().inFlight),
  )
  gauge(
    'keyway_open_requests',
    'Requests from their decision to their end, by how they are answered: plain, sse or websocket.',
    () =>
      proxy
        .stats()
        .open.flatMap(({ route, ...forms }) =>
          Object.entries(forms).map(([form, value]) => ({ labels: { route, form }, value })),
        ),
  )
  watchTargets(gauge, proxy)
  watchSecrets(gauge, store)
}

type Gauge = (
  name: string,
  help: string,
  read: () => readonly Series[],
  aggregator?: SeriesDescription['aggregator'],
) => void

function watchTargets(gauge: Gauge, proxy: ProxyServer): void {
  const ofTargets = (read: (target: SlotStatus) => number) => (): readonly Series[] =>
    proxy.upstreams().flatMap(({ name: upstream, targets }) =>
      targets.map((target) => ({
        labels: { upstream, target: target.url },
        value: read(target),
      })),
    )
  const isServing = ({ state }: SlotStatus): number =>
    state === 'up' || state === 'recovering' ? 1 : 0
  gauge(
    'keyway_upstream_target_up',
    'Whether requests are sent to a target: 1, or 0 where it is down, ejected or unusable.',
    ofTargets(isServing),
    'min',
  )
  gauge(
    'keyway_upstream_connections',
    'Connections to a target, idle ones included.',
    ofTargets(({ connections }) => connections),
  )
  gauge(
    'keyway_upstream_idle_connections',
    'Connections to a target that no request uses.',
    ofTargets(({ idle }) => idle),
  )
  gauge(
    'keyway_upstream_requests_in_flight',
    'Requests that hold a place at a target, waiting ones included.',
    ofTargets(({ inFlight }) => inFlight),
  )
  gauge(
    'keyway_upstream_requests_waiting',
    'Requests that wait for a connection to a target.',
    ofTargets(({ waiting }) => waiting),
  )
  gauge('keyway_upstream_retries_left', 'Retries that an upstream has in hand.', () =>
    proxy
      .upstreams()
      .map(({ name: upstream, retriesLeft: value }) => ({ labels: { upstream }, value })),
  )
}

function watchSecrets(gauge: Gauge, store: SnapshotStore): void {
  const ofSecrets = (read: (secret: SecretStatus) => number) => (): readonly Series[] =>
    store.current.secrets
      .describe()
      .map((secret) => ({ labels: { secret: secret.name }, value: read(secret) }))
  const count = (keys: SecretStatus['keys'], is: (key: SecretStatus['keys'][number]) => boolean) =>
    keys.filter(is).length
  gauge(
    'keyway_secret_keys',
    'Keys of a secret, as the file names them.',
    ofSecrets(({ keys }) => keys.length),
    'max',
  )
  gauge(
    'keyway_secret_keys_unreadable',
    "Keys of a secret that can't be used; the log and /secrets say why.",
    ofSecrets(({ keys }) => count(keys, ({ reason }) => reason !== null)),
    'max',
  )
  gauge(
    'keyway_secret_keys_resting',
    'Keys of a pool that rest, as an upstream has refused more requests with them.',
    ofSecrets(({ keys }) => count(keys, ({ restsMs }) => restsMs > 0)),
    'max',
  )
  gauge(
    'keyway_secret_expiry_timestamp_seconds',
    'When the first key of a secret ends that says so itself, in seconds since 1970.',
    () => store.current.secrets.describe().flatMap(expiryOf),
    'min',
  )
  gauge(
    'keyway_client_files_unusable',
    "Files of client tokens that can't be used; the log says why.",
    () =>
      store.current.clients.problems().map(({ name }) => ({ labels: { client: name }, value: 1 })),
    'max',
  )
}

function expiryOf({ name: secret, keys }: SecretStatus): readonly Series[] {
  const [first] = keys.flatMap(({ expires }) => expires ?? []).toSorted()
  return first === undefined ? [] : [{ labels: { secret }, value: Date.parse(first) / 1000 }]
}

function one(value: number): readonly Series[] {
  return [{ labels: {}, value }]
}
