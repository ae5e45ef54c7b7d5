let second = 0
let text = ''

/** The time as a Date field has it, made once a second. */
export function dateNow(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    text = new Date(now * 1000).toUTCString()
  }
  return text
}
