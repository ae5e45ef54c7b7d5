import type { NormalTarget, NormalUpstream } from '../../config/shapes/normal-upstream.ts'
import { type Environment, findEnvironmentProxy } from '../../http/proxy-environment.ts'
import { isNearHost } from '../../http/target/near-host.ts'
import type { TableTarget, TableUpstream } from '../table-upstream.ts'

/** Works out once what dispatching to an upstream needs; proxies named by the environment are read now. */
export function compileUpstream(config: NormalUpstream, env: Environment): TableUpstream {
  if (config.url === 'builtin:echo')
    return {
      config,
      key: config.url,
      builtin: 'echo',
      comesBackWith: null,
      targets: [],
      origin: '',
      host: 'echo',
      basePath: '',
    }
  const targets = config.targets.map((target) => compileTarget(config, target, env))
  const { balance, health, eject } = config
  const parts = targets.map(({ key, basePath, weight }) => [key, basePath, weight])
  return {
    config,
    key: JSON.stringify([config.name, parts, balance, health, eject]),
    builtin: null,
    comesBackWith: fieldsOnReturn(config),
    targets,
    origin: targets[0]?.origin ?? '',
    host: targets[0]?.host ?? '',
    basePath: targets[0]?.basePath ?? '',
  }
}

/** One that is not told who asked gets Keyway's id alone; if it is far, it is nobody who sends requests back. */
function fieldsOnReturn({ forwarded, targets, socket }: NormalUpstream): readonly string[] | null {
  if (forwarded) return ['x-request-id', 'x-forwarded-for']
  const isNear = socket !== null || targets.some(({ url }) => isNearHost(new URL(url).hostname))
  return isNear ? ['x-request-id'] : null
}

function compileTarget(
  config: NormalUpstream,
  { url, weight }: NormalTarget,
  env: Environment,
): TableTarget {
  const { origin, host, pathname } = new URL(url)
  const { tls, limits, http2, socket } = config
  const proxy = config.proxy === 'env' ? findEnvironmentProxy(env, url) : config.proxy
  return {
    config,
    key: JSON.stringify([origin, tls, limits, http2, socket, proxy]),
    url,
    origin,
    host,
    basePath: pathname.replace(/\/+$/, ''),
    weight,
    proxy,
  }
}
