/** A shorter text, of some three hundred routes, is done with before a thread would have started. */
const THREAD_CHARACTERS = 64 * 1024

/** Whether a file is long enough for a thread of its own. */
export function isLong(text: string): boolean {
  return text.length >= THREAD_CHARACTERS
}

/** The program of the thread; sources that nobody has built have none. */
export const THREAD: URL = new URL('./config-thread.js', import.meta.url)
