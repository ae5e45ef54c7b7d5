// Modules of Node that the bundled libraries hold for what they may be asked for, and in most processes
// never are: TLS alone takes several MiB, the certificates of all authorities among them.
import { constants } from 'node:http2'

const ASKED_LATER =
  /^(?:node:)?(assert|child_process|cluster|http2|https|perf_hooks|tls|worker_threads)$/
const LIBRARY = /[\\/]node_modules[\\/]/
const PREFIX = '\0asked-later:'

// What libraries read of them as soon as they are loaded; the bundled program is the main thread.
const { NGHTTP2_CANCEL } = constants
const AT_ONCE = {
  http2: `({ constants: { NGHTTP2_CANCEL: ${NGHTTP2_CANCEL} } })`,
  perf_hooks: '({ performance })',
  worker_threads: '({ isMainThread: true })',
}

/** Has libraries read those of Node's modules once they use them. */
export const askLater = {
  name: 'ask-later',
  resolveId(id, importer) {
    const [, name] = ASKED_LATER.exec(id) ?? []
    return name && LIBRARY.test(importer ?? '') ? `${PREFIX}${name}` : null
  },
  load: (id) => (id.startsWith(PREFIX) ? standIn(id.slice(PREFIX.length)) : null),
}

// Called is only `assert`, which asks nothing where its first argument holds.
const standIn = (name) => `
const atOnce = ${AT_ONCE[name] ?? '({})'}
const read = () => process.getBuiltinModule('node:${name}')
module.exports = new Proxy(() => {}, {
  get: (_, key) => (key in atOnce ? atOnce[key] : read()[key]),
  apply: (_, self, given) => given[0] || read()(...given),
})
`
