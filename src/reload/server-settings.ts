import { isDeepStrictEqual } from 'node:util'
import type { NormalConfig, NormalServer } from '../config/shapes/normal-config.ts'

interface ServerSetting {
  /** As the file spells it. */
  readonly name: string
  readonly read: (server: NormalServer) => unknown
  /** Whether it is read only at start. */
  readonly isFixed: boolean
}

type LimitName = keyof NormalServer['limits']

const settings: readonly ServerSetting[] = [
  { name: 'server.listen', read: (server) => server.listen, isFixed: true },
  { name: 'server.admin', read: (server) => server.admin, isFixed: true },
  { name: 'server.admin.token', read: (server) => server.adminToken, isFixed: true },
  { name: 'server.trust', read: (server) => server.trust, isFixed: false },
  { name: 'server.origins', read: (server) => server.origins, isFixed: false },
  { name: 'server.hosts', read: (server) => server.hosts, isFixed: false },
  { name: 'server.underscores', read: (server) => server.underscores, isFixed: false },
  { name: 'server.via', read: (server) => server.via, isFixed: false },
  { name: 'server.accessLog', read: (server) => server.hasAccessLog, isFixed: false },
  { name: 'server.trace', read: (server) => server.trace, isFixed: false },
  { name: 'server.log', read: (server) => server.log, isFixed: false },
  { name: 'server.store', read: (server) => server.store, isFixed: true },
  fixedLimit('headers', 'headersBytes'),
  openLimit('headerFields', 'headerFields'),
  fixedLimit('headersTimeout', 'headersTimeoutMs'),
  openLimit('body', 'bodyBytes'),
  openLimit('bodyIdle', 'bodyIdleMs'),
  fixedLimit('keepAlive', 'keepAliveMs'),
  fixedLimit('connections', 'connections'),
  fixedLimit('connectionsPerAddress', 'connectionsPerAddress'),
  fixedLimit('requestsPerAddress', 'requestsPerAddress'),
  openLimit('message', 'messageBytes'),
  openLimit('keptBodies', 'keptBodiesBytes'),
  openLimit('drain', 'drainMs'),
]

/** Names the settings under `server` that differ, such as `server.limits.body`. */
export function changedSettings(previous: NormalConfig, next: NormalConfig): string[] {
  return settings
    .filter((setting) => differs(setting, previous.server, next.server))
    .map((setting) => setting.name)
}

/** Names the settings that differ and are read only at start, such as `server.listen`. */
export function needsRestart(previous: NormalConfig, next: NormalConfig): string[] {
  return settings
    .filter((setting) => setting.isFixed && differs(setting, previous.server, next.server))
    .map((setting) => setting.name)
}

function differs(setting: ServerSetting, previous: NormalServer, next: NormalServer): boolean {
  return !isDeepStrictEqual(setting.read(previous), setting.read(next))
}

function fixedLimit(name: string, key: LimitName): ServerSetting {
  return { name: `server.limits.${name}`, read: (server) => server.limits[key], isFixed: true }
}

function openLimit(name: string, key: LimitName): ServerSetting {
  return { ...fixedLimit(name, key), isFixed: false }
}
