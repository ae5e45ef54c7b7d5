import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Provider } from '../../src/config/shapes/catalogue.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { formatPlacement } from '../../src/credentials/placement.ts'

const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8')

function writeRow({ name, description, url, accepts, rules, errors }: Provider): string {
  const goes = rules.map(({ if: condition, then: { use } }) => {
    const kinds = condition?.type === 'kind' ? `${condition.in.join(', ')}: ` : ''
    return `${kinds}\`${use ? formatPlacement(use) : 'none'}\``
  })
  const cells = [
    `\`${name}\``,
    description.split(',')[0],
    url ?? 'yours',
    accepts.join(', '),
    goes.join(' · '),
    errors,
  ]
  return `| ${cells.join(' | ')} |`
}

it.each(loadCatalogue().providers.map((provider) => [provider.name, provider] as const))(
  'the page lists %s as the catalogue has it',
  (_, provider) => expect(page.split('\n')).toContain(writeRow(provider)),
)

it('the page lists no other', () => {
  const rows = page.match(/^\| `[^`]+` \| .*(anthropic|openai|problem) \|$/gm) ?? []
  expect(rows).toHaveLength(loadCatalogue().providers.length)
})

it('the page lists the base URL of every client', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (.*) \|$/gm)].flatMap(
    ([, provider, url, clients = '']) =>
      [...clients.matchAll(/`([^`]+)`/g)].map(([, client]) => `${provider} ${client} ${url}`),
  )
  const known = loadCatalogue().providers.flatMap(({ name, clients }) =>
    clients.map((client) => `${name} ${client.name} /${name}${client.path}`),
  )
  expect(rows).toEqual(known)
})
