import type { FastifyInstance } from 'fastify'

/** What Fastify takes for a media type without a look at its parameters (RFC 9110 §8.3.1). */
const PLAIN = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/

/** Has Fastify leave every body below a plugin where it is, whatever its type: it is streamed on as it comes. */
export function leaveBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  // Fastify answers 415 to a type it can't read, which is the upstream's to judge. What leaves is read
  // from the raw fields, which stay.
  app.addHook('preParsing', async (request) => {
    const type = request.headers['content-type']
    const isForFastify = type === undefined ? request.method !== 'QUERY' : PLAIN.test(type)
    if (!isForFastify) request.headers = { 'content-type': 'application/octet-stream' }
  })
}
