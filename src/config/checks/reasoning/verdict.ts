/** Why something can be neither shown nor excluded; thrown where it is met, and told as it is. */
export class CantTell extends Error {
  override readonly name = 'CantTell'
}

/** Counts the steps that reasoning takes, so that it ends whatever it is asked. */
export interface Meter {
  spent: number
}
