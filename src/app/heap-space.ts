import { getHeapSpaceStatistics, type HeapSpaceInfo } from 'node:v8'

/** What V8 says of a space of its heap, in bytes; null: it has none of that name. */
export function heapSpace(name: 'new_space' | 'old_space'): HeapSpaceInfo | null {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === name) ?? null
}
