import type { PathPair } from '../../../http/target/client-urls.ts'
import type { DecideSettings } from '../decide-settings.ts'
import type { Forward } from '../decision.ts'
import type { Step } from '../step.ts'
import { chooseUrlRewrite, mayHoldUrls, rewriteUrls } from './response-urls.ts'

/** Creates what becomes of the fields of a response: the client's URLs, Via, the file's operations; most stay as they came. */
export function createEditResponse(
  { via }: DecideSettings,
  { context, selection: { actions }, destination: { upstream } }: Step,
  paths: PathPair,
  host: string | null,
): Forward['editResponse'] {
  const urls = chooseUrlRewrite(actions)
  const isPlain = !via && !actions.some(({ response }) => response)
  return (headers, httpVersion = '1.1', status = 200) => {
    const hasUrls = mayHoldUrls(urls, status)
    if (isPlain && !hasUrls) return headers
    const fields = [...headers]
    if (hasUrls) rewriteUrls(fields, status, urls, { context, upstream, paths, host })
    if (via) fields.push('Via', `${httpVersion} ${via}`)
    for (const { response } of actions) response?.(fields, context)
    return fields
  }
}
