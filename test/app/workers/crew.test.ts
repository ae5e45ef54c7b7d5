import { expect, test } from 'vitest'
import { createCrew } from '../../../src/app/workers/crew.ts'
import type { Member } from '../../../src/app/workers/member.ts'
import type { Command } from '../../../src/app/workers/messages.ts'
import { WorkerError } from '../../../src/app/workers/questions.ts'
import { createLogger } from '../../../src/observability/logger.ts'

const log = createLogger({ level: 'silent' })
const silent = (): void => {}

/** A worker without a process: it notes what it was asked. */
interface Fake extends Member {
  readonly asked: string[]
  /** What `stage` does. */
  onStage: () => Promise<null>
  onCommit: () => Promise<null>
  end(): void
}

function createFake(): Fake {
  let hasEnded = false
  let resolveEnded: (reason: number) => void = silent
  const ended = new Promise<number>((resolve) => {
    resolveEnded = resolve
  })
  const fake: Fake = {
    pid: 1,
    asked: [],
    generation: 0,
    get hasEnded() {
      return hasEnded
    },
    onStage: async () => null,
    onCommit: async () => null,
    async ask(command: Command) {
      fake.asked.push(describe(command))
      if (command.name === 'stage') await fake.onStage()
      if (command.name === 'commit') await fake.onCommit()
      const answers = { start: { host: 'h', port: 1 }, metrics: [] }
      return { stage: null, commit: null, drain: null, status: null, ...answers }[
        command.name
      ] as never
    },
    kill: () => fake.end(),
    end() {
      hasEnded = true
      resolveEnded(0)
    },
    ended,
  }
  return fake
}

function describe(command: Command): string {
  switch (command.name) {
    case 'start':
      return `start ${command.first.generation}`
    case 'stage':
      return `stage ${command.next.generation}`
    case 'commit':
      return `commit ${command.generation}`
    default:
      return command.name
  }
}

const failing = (code: string) => async (): Promise<null> => {
  throw new WorkerError({ code, message: code })
}

async function createPair(): Promise<{ crew: ReturnType<typeof createCrew>; fakes: Fake[] }> {
  const fakes: Fake[] = []
  const start = (): Member => {
    const fake = createFake()
    fakes.push(fake)
    return fake
  }
  const crew = createCrew({ workers: 2, log, start })
  expect(crew.isWhole()).toBe(false)
  expect(await crew.listen({ text: 'one', generation: 1 })).toEqual({ host: 'h', port: 1 })
  expect(crew.isWhole()).toBe(true)
  return { crew, fakes }
}

const askedOf = (fakes: readonly Fake[]): (readonly string[])[] => fakes.map(({ asked }) => asked)

test('a text is live nowhere before all have compiled it', async () => {
  const { crew, fakes } = await createPair()
  let compiled: () => void = silent
  const [, second] = fakes as [Fake, Fake]
  second.onStage = () =>
    new Promise((resolve) => {
      compiled = () => resolve(null)
    })
  const agreed = crew.agree('two', 2)
  await new Promise(setImmediate)
  expect(askedOf(fakes)).toEqual([
    ['start 1', 'stage 2'],
    ['start 1', 'stage 2'],
  ])
  compiled()
  await agreed
  expect(askedOf(fakes)).toEqual([
    ['start 1', 'stage 2', 'commit 2'],
    ['start 1', 'stage 2', 'commit 2'],
  ])
})

test('where one can not compile it, none serves it', async () => {
  const { crew, fakes } = await createPair()
  const [, second] = fakes as [Fake, Fake]
  second.onStage = failing('unknown')
  await expect(crew.agree('two', 2)).rejects.toMatchObject({ code: 'unknown' })
  expect(askedOf(fakes).flat()).not.toContain('commit 2')
  second.onStage = async () => null
  await crew.agree('three', 3)
  expect(fakes.map(({ generation }) => generation)).toEqual([3, 3])
})

test('one that ends amid a reload holds the others up no longer, and its successor serves the new text', async () => {
  const { crew, fakes } = await createPair()
  const [first, second] = fakes as [Fake, Fake]
  second.onStage = async () => {
    second.end()
    return failing('worker_ended')()
  }
  await crew.agree('two', 2)
  expect(first.generation).toBe(2)
  expect(crew.isWhole()).toBe(false)
  await expect.poll(() => crew.isWhole()).toBe(true)
  expect(fakes[2]?.generation).toBe(2)
})

test('one that compiled a text and can not serve it is ended, and its successor serves the text', async () => {
  const { crew, fakes } = await createPair()
  const [first, second] = fakes as [Fake, Fake]
  second.onCommit = failing('unknown')
  await crew.agree('two', 2)
  expect([first.hasEnded, second.hasEnded]).toEqual([false, true])
  await expect.poll(() => crew.isWhole()).toBe(true)
  expect(fakes.map(({ generation }) => generation)).toEqual([2, 1, 2])
})

test('one that was started while the others compiled serves what became live meanwhile', async () => {
  const { crew, fakes } = await createPair()
  const [first, second] = fakes as [Fake, Fake]
  second.onStage = async () => {
    first.end()
    await expect.poll(() => fakes[2]?.generation).toBe(1)
    return null
  }
  await crew.agree('two', 2)
  expect(fakes[2]?.asked).toEqual(['start 1', 'stage 2', 'commit 2'])
  expect(fakes[2]?.generation).toBe(2)
})

test('one that fails to start fails the whole start, and the others are ended', async () => {
  const fakes: Fake[] = []
  const crew = createCrew({
    workers: 2,
    log,
    start() {
      const fake = createFake()
      if (fakes.push(fake) === 2) fake.ask = failing('EADDRINUSE') as unknown as typeof fake.ask
      return fake
    },
  })
  await expect(crew.listen({ text: '', generation: 1 })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  expect(fakes.map(({ hasEnded }) => hasEnded)).toEqual([true, true])
})

test('a drain waits for the ends of all', async () => {
  const { crew, fakes } = await createPair()
  let isDrained = false
  const drained = crew.drain(10_000).then(() => {
    isDrained = true
  })
  await new Promise(setImmediate)
  expect(isDrained).toBe(false)
  for (const fake of fakes) fake.end()
  await drained
  expect(askedOf(fakes).map((asked) => asked.at(-1))).toEqual(['drain', 'drain'])
  expect(fakes).toHaveLength(2)
})
