import type { Redis } from 'ioredis'
import { LimitStoreError } from './limit-store.ts'

/** Passes a command's result on; a failure becomes a LimitStoreError that says why. */
export type Asked = <T>(answer: Promise<T>) => Promise<T>

/** Keeps why the connection is gone: a command itself only says that there is none. */
export function followFaults(redis: Redis): Asked {
  const { host, port, path } = redis.options
  const store = path ?? `${host}:${port}`
  let last: string | null = null
  redis.on('error', (error: Error) => {
    last = codeOf(error)
  })
  redis.on('ready', () => {
    last = null
  })
  return async (answer) => {
    try {
      return await answer
    } catch (error) {
      throw new LimitStoreError(store, codeOf(error) ?? last ?? 'not connected', error)
    }
  }
}

/** The system's code, or the first word of what Redis answered, such as WRONGPASS; null: it says nothing by itself. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error.message === 'Command timed out') return 'ETIMEDOUT'
  return /^[A-Z]{4,} /.exec(error.message)?.[0].trim() ?? null
}
