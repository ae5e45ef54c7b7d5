import type { NormalUpstream } from '../config/normal-config.ts'
import type { TableUpstream } from './decision.ts'

/** Works out once what dispatching to an upstream needs. */
export function compileUpstream(config: NormalUpstream): TableUpstream {
  const key = JSON.stringify([config.url, config.tls, config.limits])
  if (config.url === 'builtin:echo')
    return { config, key, builtin: 'echo', origin: '', host: 'echo' }
  const { origin, host } = new URL(config.url)
  return { config, key, builtin: null, origin, host }
}

/** The path of an upstream's URL that comes before every request's, without a slash at its end. */
export function basePathOf({ url }: NormalUpstream): string {
  return url.startsWith('builtin:') ? '' : new URL(url).pathname.replace(/\/+$/, '')
}
