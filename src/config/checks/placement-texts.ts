import { alsoItems } from '../language/placement.ts'
import type { Placement } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import type { ActionPart } from './actions.ts'

/** A text of the file, and where it stands. */
export interface Text {
  readonly path: Path
  readonly text: string
}

/** The values that an action places as credentials, by `use` and `also`. */
export function useTexts({ path, value: { use, also } }: ActionPart): readonly Text[] {
  const items = alsoItems(also).map((item, index) => {
    const at = [...path, 'also', ...(Array.isArray(also) ? [index] : [])]
    return placementTexts(at, item)
  })
  return [...(use === undefined ? [] : placementTexts([...path, 'use'], use)), ...items.flat()]
}

function placementTexts(at: Path, placement: Placement): readonly Text[] {
  if (typeof placement !== 'object') return []
  const { value, basic } = placement
  if (basic !== undefined)
    return [
      { path: [...at, 'basic', 'user'], text: basic.user },
      { path: [...at, 'basic', 'password'], text: basic.password },
    ]
  return value === undefined ? [] : [{ path: [...at, 'value'], text: value }]
}
