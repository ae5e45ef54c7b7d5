import { CA_FILE, type Transport } from '../connection.ts'
import { createFindings, type Findings } from '../findings.ts'
import { forkKeyway } from '../fork-keyway.ts'
import type { RunOptions } from '../options.ts'
import { checkAfterwards, runCases } from '../run-cases.ts'
import { generateResponseCase, type ResponsePlan } from './generate.ts'
import { runResponseCase, show } from './run-case.ts'
import { startScriptedUpstream } from './scripted-upstream.ts'

/** Requests that are remembered after their end: a request that comes late must be known. */
const REMEMBERED = 2_000

/** Fewer connections than clients: each is used again at once by the next in line. */
function printConfig(port: number, transport: Transport): string {
  const url = transport === 'plain' ? `http://127.0.0.1:${port}` : `https://localhost:${port}`
  return `
version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams:
  up:
    url: "${url}"
    tls: { ca: ${CA_FILE} }
    limits: { connections: 32, connect: 25s, responseHeaders: 8s, idle: 8s }
routes:
  - name: up
    match: { path: /up/* }
    rewrite: { strip: /up }
    upstream: up
`
}

/** Has an upstream answer with generated responses, most of them broken or hostile. */
export async function fuzzResponses(
  options: RunOptions,
  transport: Transport = 'plain',
): Promise<Findings> {
  const findings = createFindings()
  const plans = new Map<string, ResponsePlan>()
  const upstream = await startScriptedUpstream(plans, findings, transport)
  const keyway = await forkKeyway(printConfig(upstream.port, transport))
  const over: string[] = []
  let sent = 0
  const { cases, seconds } = await runCases(options, keyway, findings, async (index) => {
    const subject = generateResponseCase(options.seed, index)
    for (const plan of subject) plans.set(plan.id, plan)
    if (options.isVerbose) for (const plan of subject) console.log(show(plan, ''))
    await runResponseCase(keyway.port, subject, upstream, findings)
    sent += subject.length
    over.push(...subject.map(({ id }) => id))
    for (const id of over.splice(0, Math.max(0, over.length - REMEMBERED))) plans.delete(id)
  })
  await checkAfterwards(keyway, findings)
  await keyway.stop()
  upstream.close()
  console.log(
    `responses, ${transport}: seed ${options.seed}, ${cases} connections, ${sent} responses in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)}/s)`,
  )
  return findings
}
