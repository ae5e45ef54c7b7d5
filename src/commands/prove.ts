import { findSpan } from '../config/diagnostics/find-span.ts'
import { parseDocument } from '../config/text/parse-document.ts'
import { createLocator } from '../config/text/position.ts'
import { listClasses } from '../proof/classes/all-classes.ts'
import { describeDecision } from '../proof/showing/describe-decision.ts'
import { placeOf } from '../proof/invariants/invariant-findings.ts'
import { type ProvedPromise, provePromises } from '../proof/invariants/promises.ts'
import type { Claim } from '../proof/invariants/prove-invariant.ts'
import { type ProvedInvariant, proveInvariants } from '../proof/invariants/prove-invariants.ts'
import { writeDecided, writeShown } from '../proof/showing/show-witness.ts'
import { createWorld, type World } from '../proof/world.ts'
import { type Command, configFile, parseFlags, UsageError } from './command.ts'
import { type LoadedFile, loadFile } from './load-file.ts'
import { proveUsage } from './usage/prove.ts'

/** `keyway prove`: the file's invariants and Keyway's own promises, for all requests; exit code 1 where one is not shown. */
export const prove: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, proveUsage)
  const [file = configFile(flags.config, io), ...more] = positionals
  if (more.length > 0) throw new UsageError('prove takes one file')
  const loaded = loadFile(file, io)
  if (loaded === null) return 1
  const world = createWorld(loaded.snapshot.config, { catalogue: loaded.catalogue, env: io.env })
  const report = { ...reportOf(loaded, world), file: loaded.file }
  io.stdout(flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : format(report))
  const isShown = [...report.promises, ...report.invariants].every(
    ({ verdict }) => verdict === 'holds',
  )
  return isShown ? 0 : 1
}

interface Line {
  readonly name: string
  readonly verdict: 'holds' | 'broken' | "can't tell"
  /** Which claim of an invariant is broken, or can't be told; null: none, or it is a promise. */
  readonly claim: Claim | null
  /** What shows it: how much was looked at, the request that breaks it, or why there is no telling. */
  readonly proof: string
  readonly witness: string | null
  /** What decides that request, and where it stands. */
  readonly decision: string | null
}

interface Report {
  readonly file: string
  readonly promises: readonly Line[]
  readonly invariants: readonly Line[]
}

function reportOf(loaded: LoadedFile, world: World): Omit<Report, 'file'> {
  const { classes, doubts } = listClasses(world)
  const [doubt] = doubts
  const promises = provePromises(classes, world).map((one) => promiseLine(one, doubt, world))
  const { invariants } = world.config
  const proved = proveInvariants(invariants, world)
  return { promises, invariants: proved.map((one) => invariantLine(one, loaded, world)) }
}

function promiseLine(promise: ProvedPromise, doubt: string | undefined, world: World): Line {
  const { name, isKept, classes, requests, brokenBy } = promise
  const witness = brokenBy && writeShown(brokenBy, world)
  const base = { name, claim: null, witness, decision: null }
  if (!isKept) return { ...base, verdict: 'broken', proof: witness ?? '' }
  if (doubt !== undefined) return { ...base, verdict: "can't tell", proof: doubt }
  const decided = requests === classes ? 'each' : `each of ${requests}`
  const proof = `${countClasses(classes)}, a request of ${decided} decided`
  return { ...base, verdict: 'holds', proof }
}

function countClasses(count: number): string {
  return `${count} ${count === 1 ? 'class' : 'classes'} of decisions`
}

function invariantLine(
  { invariant: { name }, proof }: ProvedInvariant,
  loaded: LoadedFile,
  world: World,
): Line {
  const base = { name, claim: null, witness: null, decision: null }
  switch (proof.verdict) {
    case 'holds':
      return { ...base, verdict: 'holds', proof: countClasses(proof.classes) }
    case "can't tell":
      return { ...base, verdict: "can't tell", claim: proof.claim, proof: proof.reason }
    case 'broken': {
      const { observed, claim } = proof.by
      const witness = writeDecided(observed, world)
      const where = locate(loaded, proof.by.class)
      const decision = `${describeDecision(observed.decision)}, at ${where}`
      return { name, verdict: 'broken', claim, proof: witness, witness, decision }
    }
  }
}

function locate({ file, text, snapshot }: LoadedFile, one: Parameters<typeof placeOf>[0]): string {
  const { document } = parseDocument(text, Number.POSITIVE_INFINITY)
  if (document === null) return file
  const { line } = createLocator(
    file,
    document.text,
  )(findSpan(document, placeOf(one, snapshot.config), 'value'))
  return `${file}:${line}`
}

function format({ file, promises, invariants }: Report): string {
  const lines = [
    `${file}: Keyway's own promises`,
    ...promises.flatMap(formatLine),
    invariants.length === 0 ? 'it has no invariants' : 'and its invariants',
    ...invariants.flatMap(formatLine),
  ]
  return `${lines.join('\n')}\n`
}

function formatLine({ name, verdict, claim, proof, decision }: Line): string[] {
  if (verdict === 'holds') return [`  holds       ${name} (${proof})`]
  const head = `  ${verdict.padEnd(12)}${name}${claim === null ? '' : `: its "${claim}"`}`
  return [
    head,
    `              ${proof}`,
    ...(decision === null ? [] : [`              ${decision}`]),
  ]
}
