import fc from 'fast-check'
import { beforeEach, onTestFinished, vi } from 'vitest'
import { REAL } from './real-globals.ts'

// What is generated is the same in every run, so that none fails by chance; PROPERTY_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 14) })

// Files share a process, so that what a test puts in the place of something else would stay there for
// those after it. What is registered first is done last.
beforeEach(() => {
  onTestFinished(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
    Object.assign(globalThis, REAL)
  })
})
