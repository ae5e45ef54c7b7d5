/** Values that must not be shown: no serializer and no comparison sees them. */
export class HiddenValues {
  readonly #values: readonly string[]

  constructor(values: readonly string[]) {
    this.#values = values
  }

  list(): readonly string[] {
    return this.#values
  }
}
