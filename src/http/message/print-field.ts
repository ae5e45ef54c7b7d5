import type { FieldName } from '../fields/header-names.ts'

/** Thrown for a message that can't be written as HTTP: a field's value with a line's end in it, say. */
export class UnsendableError extends Error {
  override readonly name = 'UnsendableError'
  /** Which message it is, as the log says it. */
  readonly code: 'UNSENDABLE' | 'RESPONSE_UNSENDABLE'

  constructor(message: string, code: UnsendableError['code'] = 'UNSENDABLE') {
    super(message)
    this.code = code
  }
}

const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** A field as a line of a head, with the end of the line above in place of its own; throws an UnsendableError for what would not be read as it was meant. */
export function printField({ role, lead }: FieldName, value: string): string {
  if (role === 'invalid' || !VALUE.test(value)) throw new UnsendableError('no field')
  return lead + value
}
