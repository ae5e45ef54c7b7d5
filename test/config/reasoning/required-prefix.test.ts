import { expect, test } from 'vitest'
import { requiredPrefix } from '../../../src/config/checks/reasoning/required-prefix.ts'
import type { NormalMatcher } from '../../../src/config/shapes/normal-config.ts'

test.each<[NormalMatcher, string | null]>([
  [{ prefix: 'sk-' }, 'sk-'],
  [{ matches: '^sk-ant' }, 'sk-ant'],
  [{ matches: '^sk-ant-[a-z]+' }, 'sk-ant-'],
  [{ matches: '^sk\\.ant\\$x' }, 'sk.ant$x'],
  [{ matches: '^sk-+' }, 'sk-'],
  [{ matches: '^sk-?' }, 'sk'],
  [{ matches: '^sk-*a' }, 'sk'],
  [{ matches: '^sk-{2}' }, 'sk'],
  [{ matches: '^a?' }, null],
  [{ matches: '^sk\\d' }, 'sk'],
  [{ matches: '^sk-ant$' }, null],
  [{ matches: '^sk-ant$x' }, 'sk-ant'],
  [{ matches: 'sk-ant' }, null],
  [{ matches: '^sk|ant' }, null],
  [{ matches: '^(?i)sk' }, null],
  [{ matches: '(?i)^sk' }, null],
  [{ prefix: 'sk-ant', matches: '^sk' }, 'sk-ant'],
  [{ prefix: 'sk', matches: '^sk-ant' }, 'sk-ant'],
  [{ prefix: 'sk', matches: 'x' }, 'sk'],
  [{ equals: 'sk', prefix: 's' }, null],
  [{ in: ['sk'], prefix: 's' }, null],
  [{ suffix: 's' }, null],
  [{}, null],
])('what matches %j begins with %j', (matcher, prefix) => {
  expect(requiredPrefix(matcher)).toBe(prefix)
})
