import type { NormalRate } from '../shapes/normal-limit.ts'
import { parseDuration } from './units.ts'

/** A rate such as `60/m` or `500/10m`. */
export function parseRate(text: string): NormalRate {
  const [count = '', time = ''] = text.split('/')
  return { count: Number(count), windowMs: parseDuration(/^\d/.test(time) ? time : `1${time}`) }
}
