import type { RouteTable } from '../routing/decision.ts'
import { type OnDifference, shadowTable } from '../routing/shadow.ts'
import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'
import type { CompiledFile } from './reload.ts'

/** Compiles a file's text. */
export type Compile = (text: string, generation: number) => CompiledFile

/** Makes every snapshot that is compiled decide each request by a shadow too. */
export function withShadow(
  compile: Compile,
  shadow: SnapshotStore,
  onDifference: OnDifference,
): Compile {
  const table = (): RouteTable => shadow.current.table
  const shadowed = (live: Snapshot): Snapshot => ({
    ...live,
    table: shadowTable(live.table, table, onDifference),
  })
  return (text, generation) => {
    const { snapshot, diagnostics } = compile(text, generation)
    return { snapshot: snapshot && shadowed(snapshot), diagnostics }
  }
}
