import { expect, test } from 'vitest'
import { changedSettings } from '../../src/reload/server-settings.ts'
import { sampleConfig } from './sample-config.ts'

const whole = sampleConfig()

test.each(Object.keys(whole.server).filter((key) => key !== 'limits'))(
  'a change of %s under server is told',
  (key) => {
    const next = { ...whole, server: { ...whole.server, [key]: 'another' } }
    expect(changedSettings(whole, next)).toHaveLength(1)
  },
)
