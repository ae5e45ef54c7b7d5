import { type OnDifference, shadowTable } from '../routing/decide/explain/shadow.ts'
import type { RouteTable } from '../routing/route-table.ts'
import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'
import type { Compile } from './reload.ts'

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
  return async (text, generation) => {
    const { snapshot, diagnostics } = await compile(text, generation)
    return { snapshot: snapshot && shadowed(snapshot), diagnostics }
  }
}
