// @fastify/http-proxy as its readme shows it, with the benchmark's rule in rewriteRequestHeaders.
import httpProxy from '@fastify/http-proxy'
import fastify from 'fastify'

const [port, origin, prefix] = process.argv.slice(2)
const app = fastify({ logger: false })

await app.register(httpProxy, {
  upstream: origin,
  prefix,
  replyOptions: { rewriteRequestHeaders: (_request, headers) => placeCredential(headers) },
})

function placeCredential({ authorization, ...headers }) {
  if (!authorization?.startsWith('Bearer sk-ant-')) return { ...headers, authorization }
  return { ...headers, 'x-api-key': authorization.slice(7) }
}

await app.listen({ port: Number(port), host: '127.0.0.1' })

// A profile is written only where the process exits by itself.
process.once('SIGTERM', () => process.exit(0))
