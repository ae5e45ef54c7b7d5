import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import { isLoopback } from '../../config/language/address.ts'
import type { NormalServer } from '../../config/shapes/normal-config.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { Steps } from '../../routing/compile/steps.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { requestOfClass } from '../classes/class-requests.ts'
import { classesOf } from '../classes/classes.ts'
import { nameOf } from '../invariants/prove-invariant.ts'
import type { DecisionClass } from '../outcome.ts'
import { compareRequest } from './compare-request.ts'
import type { Comparing } from './comparing.ts'

/** Looks for requests of web pages that may have a secret spent in one of the files only; what a page says of itself is no part of a class. */
export function* comparePages(comparing: Comparing): Steps<void> {
  const pages = changedPages(comparing.before.config.server, comparing.after.config.server)
  if (pages.length === 0) return
  for (const route of comparing.after.config.routes) {
    try {
      const spending = classesOf(route, comparing.after).filter(isSpending)
      for (const one of spending) compareOn(one, pages, comparing)
    } catch (error) {
      if (!(error instanceof CantTell)) throw error
      comparing.doubts.add(error.message)
    }
    yield
  }
}

function isSpending({ fallback, outcome }: DecisionClass): boolean {
  return fallback === null && outcome.action === 'forward' && outcome.secrets.length > 0
}

/** A header by which a page, or a name that it made up, is told. */
interface PageHeader {
  readonly name: 'origin' | 'host'
  readonly value: string
}

const PAGE = 'page.example.com'

/** What pages say that are let in by one of two files only. */
function changedPages(before: NormalServer, after: NormalServer): readonly PageHeader[] {
  const origins = onlyInOne(before.origins, after.origins).map(
    (origin): PageHeader => ({
      name: 'origin',
      value: origin === '*' ? `https://${PAGE}` : origin,
    }),
  )
  const hosts = onlyInOne(before.hosts, after.hosts).map(
    (host): PageHeader => ({
      name: 'host',
      value: host === '*' ? PAGE : host.replace('*', 'page'),
    }),
  )
  const isMoved = isOnLoopback(before) !== isOnLoopback(after)
  return [...origins, ...hosts, ...(isMoved ? [{ name: 'host', value: PAGE } as const] : [])]
}

function onlyInOne(some: readonly string[], others: readonly string[]): readonly string[] {
  return [
    ...some.filter((one) => !others.includes(one)),
    ...others.filter((one) => !some.includes(one)),
  ]
}

function isOnLoopback({ listen: { address } }: NormalServer): boolean {
  return 'host' in address && isLoopback(address)
}

function compareOn(one: DecisionClass, pages: readonly PageHeader[], comparing: Comparing): void {
  const { after, doubts } = comparing
  const plain = requestOfClass(one, after)
  if (plain === null) {
    doubts.add(`requests of web pages that go by ${nameOf(one)} may be decided otherwise`)
    return
  }
  for (const page of pages) compareRequest(withHeader(plain, page), one, comparing)
}

function withHeader(view: RequestView, { name, value }: PageHeader): RequestView {
  const headers = view.headers.flatMap((field, index, all) =>
    index % 2 === 0 && lowerName(field) !== name ? [field, all[index + 1] as string] : [],
  )
  return { ...view, headers: [...headers, name, value] }
}
