import { type AdminPages, textAnswer } from './admin-page.ts'

/** Where the proxy is in its life: it takes requests only while it is ready. */
export type Readiness = 'starting' | 'ready' | 'draining'

/** The health pages: /livez and /healthz answer 200 while the process turns, /readyz only while it is ready. */
export function createHealthPages(readiness: () => Readiness): AdminPages {
  return {
    '/livez': () => textAnswer(200, 'ok'),
    '/healthz': () => textAnswer(200, 'ok'),
    '/readyz': () => {
      const now = readiness()
      return textAnswer(now === 'ready' ? 200 : 503, now)
    },
  }
}
