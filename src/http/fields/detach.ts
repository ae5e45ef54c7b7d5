/** Shorter texts are copies whenever they are cut out of another. */
const CUT_LENGTH = 13

/**
 * A text that was cut out of a longer one, as one of its own. V8 keeps a cut as a place in the whole,
 * and so the whole as long as the cut: a path in a list of events would keep the head of its request,
 * with the credential in it.
 */
export function detach(text: string): string {
  return text.length < CUT_LENGTH ? text : ` ${text}`.slice(1)
}
