import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'

/** Creates the store with its first snapshot; `current` is one field read, so that a request pays nothing for it. */
export function createSnapshotStore(first: Snapshot): SnapshotStore {
  const listeners = new Set<(next: Snapshot, previous: Snapshot) => void>()
  const store = {
    current: first,
    swap(next: Snapshot): void {
      const previous = store.current
      store.current = next
      tellAll([...listeners], next, previous)
    },
    onSwap(listener: (next: Snapshot, previous: Snapshot) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return store
}

// The swap is done when listeners hear of it: one that throws keeps no other from hearing it.
function tellAll(
  listeners: readonly ((next: Snapshot, previous: Snapshot) => void)[],
  next: Snapshot,
  previous: Snapshot,
): void {
  const errors: unknown[] = []
  for (const listener of listeners) {
    try {
      listener(next, previous)
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'a listener of the snapshot store failed')
}
