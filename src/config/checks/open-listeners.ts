import { isLoopback, parseAddress } from '../language/address.ts'
import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of listeners that others can reach and use. */
export function lintServer({ model, report }: CheckContext): void {
  const { path, value: server } = model.server
  const listenPath = [...path, 'listen', ...(typeof server.listen === 'object' ? ['address'] : [])]
  const listen = typeof server.listen === 'object' ? server.listen.address : server.listen
  const hasClients = model.clients !== null && model.clients.value.required !== false
  if (isOpen(listen) && !hasClients)
    report(
      warningAt(
        listenPath,
        'open-listener',
        `everyone who reaches ${listen} may use this proxy and its secrets`,
        {
          hint: 'listen on 127.0.0.1, or ask for a token under "clients"',
        },
      ),
    )
  if (typeof server.admin === 'string' && server.admin !== 'off' && isOpen(server.admin))
    report(
      warningAt(
        [...path, 'admin'],
        'open-admin',
        `without a token, ${server.admin} serves health and metrics alone, to everyone who reaches it`,
        {
          hint: `ask for one: admin: { listen: "${server.admin}", token: { file: FILE } }`,
        },
      ),
    )
}

function isOpen(text: string | undefined): boolean {
  const address = text === undefined ? null : parseAddress(text)
  return address !== null && !isLoopback(address)
}
