/** The parts of an error that can hold no secret: its class, its code and its frames, never its message. */
export interface ErrorFields {
  readonly type: string
  readonly code: string | null
  readonly frames: readonly string[]
}

const described = new WeakSet<object>()

/** Takes from anything thrown what may stand in a log; what it made itself stays as it is. */
export function describeError(thrown: unknown): ErrorFields {
  if (typeof thrown === 'object' && thrown !== null && described.has(thrown)) {
    return thrown as ErrorFields
  }
  const fields = takeFields(thrown)
  described.add(fields)
  return fields
}

function takeFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, code: null, frames: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return {
    type: error.name,
    code: /^[A-Z][A-Z0-9_]*$/.test(code) ? code : null,
    frames: stackFrames(error),
  }
}

const framePrefix = '    at '

function stackFrames({ message, stack = '' }: Error): string[] {
  // A message of several lines could pass for frames, so it is cut out before they are looked for.
  const start = stack.indexOf(message)
  const trace = start === -1 ? '' : stack.slice(start + message.length)
  const lines = trace.split('\n').filter((line) => line.startsWith(framePrefix))
  return lines.map((line) => line.slice(framePrefix.length))
}
