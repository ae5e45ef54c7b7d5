import {
  curlAddress,
  type CurlAddress,
  DEFAULT_CURL_ADDRESS,
} from '../../diagnostics/curl-address.ts'
import { parseAddress } from '../../language/address.ts'
import type { Server } from '../../shapes/config.generated.ts'
import type { CheckContext } from '../check-context.ts'
import { createReasoner, type Reasoner } from './reasoner.ts'

/** Creates what reasons about the routes of a file that is checked: of credentials as they are mostly sent, of clients of any name. */
export function createFileReasoner({
  kinds,
  model,
}: Pick<CheckContext, 'kinds' | 'model'>): Reasoner {
  const hasExactPaths = model.routes.some(({ value }) => value.paths === 'exact')
  const { clients } = model
  const needsToken = clients !== null && clients.value.required !== false
  return createReasoner({
    kinds,
    // Whoever they are: a client that is added or revoked makes no rule wrong.
    clients: null,
    hasClient: needsToken && clients.value.preflight !== 'open',
    schemes: 'where named',
    hasExactPaths,
    shown: { needsToken, address: addressOf(model.server.value) },
  })
}

/** What can't be read is reported elsewhere. */
function addressOf({ listen }: Server): CurlAddress {
  const { address: text, tls = null } = typeof listen === 'object' ? listen : { address: listen }
  const address = text === undefined ? null : parseAddress(text)
  return address === null ? DEFAULT_CURL_ADDRESS : curlAddress({ address, tls })
}
