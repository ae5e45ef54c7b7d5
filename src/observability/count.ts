/** A number that goes up. */
export interface Count {
  value: number
}

/** Creates one at nothing. */
export function createCount(): Count {
  return { value: 0 }
}
