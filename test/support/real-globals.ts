/** What a clock that is put in their place takes the place of, as a process begins with it. */
export const REAL: Readonly<Record<string, unknown>> = {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  Date,
}
