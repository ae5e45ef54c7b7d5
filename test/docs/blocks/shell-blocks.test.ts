import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLeftOut, suiteOf } from './elsewhere.ts'
import { type Block, listPages, placeOf, readBlocks } from './read-blocks.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { matches, stepsOf } from './steps.ts'

/** Blocks that are run, or written for those that are. */
function isRun(block: Block): boolean {
  if (suiteOf(block) !== null || isLeftOut(block)) return false
  return ['sh', 'console'].includes(block.language) || block.options.has('file')
}

const pages = listPages()
  .map((page) => ({ page, blocks: readBlocks(page).filter(isRun) }))
  .filter(({ blocks }) => blocks.some(({ language }) => language !== 'yaml'))

async function runBlock(sandbox: Sandbox, block: Block): Promise<void> {
  const name = block.options.get('file')
  if (name !== undefined) return sandbox.write(block, name)
  if (block.options.has('background')) return sandbox.start(block)
  for (const { command, expected } of stepsOf(block)) {
    const { status, printed } = await sandbox.run(block, command)
    const wanted = Number(block.options.get('exit') ?? 0)
    expect.soft({ command, status }, printed).toEqual({ command, status: wanted })
    if (expected !== null && !matches(expected, printed)) expect(printed).toBe(expected.join('\n'))
  }
}

describe.each(pages)('the commands of $page', ({ blocks }) => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await createSandbox()
  })
  afterAll(async () => {
    await sandbox?.close()
  })

  test.each(blocks.map((block) => ({ place: placeOf(block), block })))(
    'of $place do what it says',
    async ({ block }) => {
      expect.hasAssertions()
      await runBlock(sandbox, block)
      expect(block.text).not.toBe('')
    },
    60_000,
  )
})
