import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Diagnostic } from '../../config/shapes/diagnostic.ts'
import { createLogger, type Logger } from '../../observability/logger.ts'
import { openAudit } from '../audit.ts'
import { openConfig } from '../open-config.ts'
import { createLiveMount } from './create-live-mount.ts'
import { leaveBodies } from './leave-bodies.ts'

/** What `app.register(keyway, …)` takes beside Fastify's own `prefix`. */
export interface KeywayPluginOptions {
  /** The configuration file; relative names start from the working directory. */
  readonly config: string
  /** A second configuration file: every request is decided by it too, and acted on by the first alone. */
  readonly shadow?: string
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: JSON lines to standard output. */
  readonly log?: Logger
  /** Takes the findings about each file that is loaded, the first one's warnings too; default: nobody does. */
  readonly print?: (diagnostics: readonly Diagnostic[]) => void
  /** How often the file is looked at; null: it is not live. Default: 200. */
  readonly pollMs?: number | null
}

/**
 * A Fastify application, of whichever 5: the types of two versions do not fit each other, and the
 * application's need not be the one that this package has.
 */
export interface FastifyApplication {
  readonly prefix: string
  readonly server: object
}

/** What `app.register` takes. */
export type KeywayPlugin = (app: FastifyApplication, options: KeywayPluginOptions) => Promise<void>

/**
 * A Fastify plugin that serves a configuration file below its prefix; throws ConfigurationError where
 * the file is bad. The application's hooks look at a request first; its other routes are not touched.
 */
export const keyway: KeywayPlugin = async (application, options) => {
  const app = application as FastifyInstance
  refuseOtherwise(app)
  const { log = createLogger(), pollMs } = options
  const live = await openConfig({ ...options, log, shownTo: 'nobody' })
  const audit = await openAudit({ store: live.store, folder: dirname(options.config), log })
  const route = (request: IncomingMessage, response: ServerResponse): void =>
    app.routing(request, response)
  const mount = app.prefix.replace(/\/+$/, '')
  const proxy = createLiveMount({ live, log, audit, server: app.server, mount, route })
  leaveBodies(app)
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.hijack()
    handOn(reply)
    proxy.serve(request.raw, reply.raw)
  }
  const method = app.supportedMethods
  app.route({ method, url: '/', handler, exposeHeadRoute: false, prefixTrailingSlash: 'no-slash' })
  app.route({ method, url: '/*', handler, exposeHeadRoute: false })
  let unwatch = (): void => {}
  app.addHook('onReady', async () => {
    if (pollMs !== null) unwatch = live.watch(pollMs)
  })
  // Not awaited: Fastify stops to listen only once this hook is done.
  app.addHook('preClose', async () => {
    unwatch()
    proxy.drain()
  })
  app.addHook('onClose', proxy.close)
}

/** Fields that hooks have set for the response, CORS say; where the upstream's has its own, these are it. */
function handOn(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
}

function refuseOtherwise({ initialConfig, prefix }: FastifyInstance): void {
  if (initialConfig.http2 === true)
    throw new Error(
      'keyway: an application with http2 is not served; put it beside, by createKeyway',
    )
  if (/[:*(]/.test(prefix)) throw new Error(`keyway: no parameters in its prefix, "${prefix}"`)
}
