import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isLeftOut, suiteOf } from './elsewhere.ts'
import { type Block, listPages, placeOf, ROOT, readBlocks } from './read-blocks.ts'

/** What is run, and what is only shown. */
const RUN = ['yaml', 'sh', 'console']
const SHOWN = [
  'text',
  'json',
  'js',
  'ts',
  'toml',
  'ini',
  'nginx',
  'haproxy',
  'caddyfile',
  'go',
  'http',
]

/** The words that may stand behind a language. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  yaml: ['file', 'of', 'in', 'run-by', 'not-run'],
  sh: ['in', 'exit', 'background', 'run-by', 'not-run'],
  console: ['in', 'exit', 'run-by', 'not-run'],
}

/** What is shown, and run by a suite of its own. */
const PROGRAMS = ['js', 'ts']

const COMMAND =
  /^(?:\$ )?(?:keyway|npm|npx|node|curl|docker|kubectl|helm|git|claude|codex|gemini) /m

const blocks = listPages().flatMap(readBlocks)

function complaints(block: Block): readonly string[] {
  const { language, options, text } = block
  const found: string[] = []
  const known = OPTIONS[language] ?? ['run-by', 'not-run']
  if (![...RUN, ...SHOWN].includes(language))
    found.push(`"${language}" is none of ${[...RUN, ...SHOWN].join(', ')}`)
  if (SHOWN.includes(language) && language === 'text' && COMMAND.test(text))
    found.push('commands stand in sh or console, so that they are run')
  for (const name of options.keys())
    if (!known.includes(name)) found.push(`"${name}" is none of ${known.join(', ')}`)
  if (PROGRAMS.includes(language) && suiteOf(block) === null && !isLeftOut(block))
    found.push('a program is run by a suite: name it in elsewhere.ts or by run-by="…"')
  for (const name of ['not-run', 'of', 'run-by'])
    if (options.get(name) === '') found.push(`"${name}" says nothing: ${name}="words"`)
  return found
}

test('every block is of a kind that is run or shown, and none is skipped without a reason', () => {
  const found = blocks.flatMap((block) =>
    complaints(block).map((complaint) => `${placeOf(block)}: ${complaint}`),
  )
  expect(found).toEqual([])
})

test('what is said to run a block does: a suite that reads its page, or a page that has it too', () => {
  const wrong = blocks.flatMap((block) => {
    const suite = suiteOf(block)
    return suite === null || runsElsewhere(block, suite)
      ? []
      : [`${placeOf(block)}: not by ${suite}`]
  })
  expect(wrong).toEqual([])
})

function runsElsewhere({ page, text }: Block, suite: string): boolean {
  if (suite.endsWith('.md')) return readBlocks(suite).some((other) => other.text === text)
  const name = page.split('/').at(-1) as string
  return readFileSync(`${ROOT}${suite}`, 'utf8').includes(name)
}

test('what is shown as JSON is JSON, but for what it leaves out', () => {
  const wrong = blocks
    .filter(({ language, text }) => language === 'json' && !text.includes('…'))
    .filter(({ text }) => !isJson(text))
  expect(wrong.map(placeOf)).toEqual([])
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
