import { printListen, type Transport } from '../connection.ts'
import { createFindings, type Findings } from '../findings.ts'
import { forkKeyway } from '../fork-keyway.ts'
import type { RunOptions } from '../options.ts'
import { checkAfterwards, runCases } from '../run-cases.ts'
import { generateCase } from './generate.ts'
import { createLedger } from './ledger.ts'
import { runCase, show } from './run-case.ts'
import { startStrictUpstream } from './strict-upstream.ts'

/** Short clocks, so that what Keyway must end by itself ends within a run. */
function printConfig(port: number, transport: Transport): string {
  return `
version: 1
server:
  listen: ${printListen(transport)}
  admin: off
  limits: { headersTimeout: 5s, bodyIdle: 5s, keepAlive: 5s }
upstreams:
  up: { url: "http://127.0.0.1:${port}", limits: { connections: 64 } }
routes:
  - name: up
    match: { path: /up/* }
    rewrite: { strip: /up }
    upstream: up
    rules:
      - if credential matches ^sk-ant- use x-api-key else authorization bearer
`
}

/** Sends generated requests, most of them broken or hostile, through Keyway. */
export async function fuzzRequests(
  options: RunOptions,
  transport: Transport = 'plain',
): Promise<Findings> {
  const findings = createFindings()
  const ledger = createLedger()
  const upstream = await startStrictUpstream(ledger, findings, transport)
  const keyway = await forkKeyway(printConfig(upstream.port, transport))
  const listener = { port: keyway.port, transport }
  let sent = 0
  const { cases, seconds } = await runCases(options, keyway, findings, async (index) => {
    const subject = generateCase(options.seed, index)
    const meaning = ledger.enter(subject)
    sent += Math.max(1, meaning.entries.length + (meaning.isClear ? 0 : 1))
    if (options.isVerbose) console.log(show(subject, ''), meaning)
    await runCase(listener, subject, meaning, findings)
  })
  await checkAfterwards(keyway, findings)
  await keyway.stop()
  upstream.close()
  const rate = Math.round(sent / seconds)
  console.log(
    `requests, ${transport}: seed ${options.seed}, ${cases} connections, ${sent} requests in ${seconds.toFixed(1)} s (${rate}/s); ${upstream.requests()} reached the upstream`,
  )
  return findings
}
