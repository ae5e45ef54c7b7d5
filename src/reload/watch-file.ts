import { type StatsListener, unwatchFile, watchFile as watchStats } from 'node:fs'

/** How often a watched file's status is looked at. */
const defaultPollMs = 200

/**
 * Calls `onChange` after each change of the file's status, and returns what stops it. It polls,
 * because that follows symbolic links and survives what leaves fs.watch deaf: a rename over the
 * file, a ConfigMap's `..data` swap, a bind mount. The content may still be half written.
 */
export function watchFile(
  file: string,
  onChange: () => void,
  pollMs: number = defaultPollMs,
): () => void {
  const listener: StatsListener = () => onChange()
  watchStats(file, { interval: pollMs, persistent: false }, listener)
  return () => unwatchFile(file, listener)
}
