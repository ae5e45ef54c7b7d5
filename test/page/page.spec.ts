import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from './launch-browser.ts'
import { CREDENTIALS, type Stage, startStage } from './stage.ts'

/** What happens is to be seen within this time. */
const SEEN_MS = 2_000

let browser: Browser
let stage: Stage
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

/** What went wrong in the browser, and what it asked of others. */
let faults: string[] = []

beforeEach(async () => {
  stage = await startStage()
  page = await open()
})

afterEach(async () => {
  await page.context().close()
  await stage.close()
  expect(faults).toEqual([])
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const opened = await context.newPage()
  faults = []
  opened.on('console', (said) => said.type() === 'error' && faults.push(said.text()))
  opened.on('pageerror', (error) => faults.push(error.message))
  opened.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(stage.admin) && !url.startsWith('data:')) faults.push(`asks ${url}`)
  })
  await opened.goto(stage.admin)
  await see(opened, 'header', 'generation 1')
  await see(opened, '#upstreams', 'models')
  return opened
}

async function see(where: Page, place: string, text: string): Promise<void> {
  const found = where.locator(place).filter({ hasText: text }).first()
  await found.waitFor({ timeout: SEEN_MS })
  expect(await found.textContent()).toContain(text)
}

async function load(count: number): Promise<void> {
  const asked = Array.from({ length: count }, (_, turn) =>
    stage.ask(turn % 3 === 0 ? '/openai/v1/models' : '/anthropic/v1/messages', {
      'x-delay': String((turn % 5) * 8),
      'x-answer': turn % 20 === 7 ? '500' : '200',
    }),
  )
  await Promise.all(asked)
}

test('load is seen: rates by route, and hits beside the rule that decided', async () => {
  await load(30)
  await see(page, '.figures', 'requests in all30')
  await see(page, '#traffic table', 'anthropic')
  const rule = page.locator('.file tr').filter({ hasText: '- name: api-key' })
  await see(page, '.file tr:has-text("- name: api-key") .hits', '20')
  expect(await rule.getAttribute('class')).toBe('marked')
  await page.getByRole('button', { name: 'credential' }).click()
  await see(page, '#traffic table', 'anthropic-api-key')
})

test('a rule that nothing matched is marked, where it shares its line too', async () => {
  await stage.ask('/crew/a')
  await see(page, '.file tr:has-text("name: others") .hits', 'never1')
  await see(page, '.unmatched', 'administration')
  await see(page, '.file tr.never:has-text("- name: login") .hits', 'never')
})

test('streams and WebSockets are seen while they are open, told apart', async () => {
  const end = await stage.openStreams()
  await see(page, '#open', '0 plain, 1 event stream, 1 WebSocket')
  await see(page, '#open table', 'anthropic')
  await end()
  await see(page, '#open', '0 plain, 0 event streams, 0 WebSockets')
})

test('an open request is seen while it lasts', async () => {
  const asked = stage.ask('/anthropic/a', { 'x-delay': '2500' })
  await see(page, '.figures', 'streams too1')
  await asked
  await see(page, '.figures', 'streams too0')
})

test('a reload is seen, with its changes in words', async () => {
  await stage.write('  - { name: more, match: { path: /more/* }, upstream: models }\n')
  await page.getByRole('button', { name: 'Reload the file' }).click()
  await see(page, 'header', 'generation 2')
  await see(page, '#reloads', 'route "more" added')
  await see(page, '.file', 'name: more')
})

test('a refused file is seen, with its findings, while the last one serves', async () => {
  await stage.write('  - { name: more, match: { path: /more/* }, upstream: modells }\n')
  await see(page, '.attention', 'The file on disk does not run')
  await see(page, '#reloads', 'did you mean "models"?')
  await see(page, 'header', 'generation 1')
  await stage.write()
  await page.locator('.attention a').waitFor({ state: 'detached', timeout: SEEN_MS })
})

test('an ejected target is seen', async () => {
  await stage.endTarget()
  for (let turn = 0; turn < 6; turn++) await stage.ask('/crew/a')
  await see(page, '.attention', 'A target of crew is ejected')
  await see(page, '#upstreams', 'ejected')
})

test('a resting key is seen, and for how long', async () => {
  await stage.ask('/openai/a', { 'x-answer': '429' })
  await see(page, '.attention', 'of openai rests')
  await see(page, '#secrets', 'rests for')
})

test('an unreadable secret is seen, and why', async () => {
  await stage.writeSecret('second', null)
  await see(page, '.attention', "Key 2 of openai can't be read")
  await see(page, '#secrets', 'its file is missing')
})

test('a Keyway that has ended is told, and what was seen last stays', async () => {
  await stage.close()
  await see(page, '.attention', 'Keyway does not answer')
  await see(page, '#upstreams', 'models')
  faults = []
  stage = await startStage()
})

test('a request is explained by keyboard alone, without its credential', async () => {
  await page.getByLabel('Path').focus()
  await page.keyboard.type('/anthropic/v1/messages')
  await page.keyboard.press('Tab')
  await page.keyboard.type(`authorization: Bearer ${CREDENTIALS.client}`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await see(page, '.verdict', 'to models as /v1/messages')
  await see(page, '.explanation', 'login does not hold')
  await see(page, '.explanation', 'x-api-key: ')
  expect(await page.locator('.explanation').textContent()).not.toContain(CREDENTIALS.client)
})

test('a request that no route takes is explained by the nearest', async () => {
  await page.getByLabel('Path').fill('/anthropics/v1')
  await page.keyboard.press('Enter')
  await see(page, '.verdict', '404')
  await see(page, '.explanation', 'not anthropic (/anthropic/*)')
})

test('a hidden page asks for nothing', async () => {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
  })
  await page.waitForTimeout(1_100)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.waitForTimeout(1_500)
  expect(asked).toEqual([])
  const again = once(page as never, 'request')
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await again
})

const axe = createRequire(import.meta.url).resolve('axe-core')

test.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 375 },
  { colorScheme: 'dark', width: 375 },
] as const)('everything has a name and contrast: $colorScheme, $width wide', async (options) => {
  const { colorScheme, width } = options
  await page.context().close()
  page = await open({ colorScheme, viewport: { width, height: 800 } })
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme })
  await trouble()
  await page.getByLabel('Path').fill('/anthropic/v1')
  await page.getByLabel('Headers').fill(`x-api-key: ${CREDENTIALS.client}`)
  await page.getByRole('button', { name: 'Explain' }).click()
  await see(page, '.explanation', 'api-key')
  // The policy of the page lets no script in; a tester's own comes by another way.
  await page.evaluate(await readFile(axe, 'utf8'))
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (window as never as { axe: Axe }).axe.run()
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  })
  expect(violations).toEqual([])
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(isWider).toBe(false)
})

interface Axe {
  run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** A bit of everything at once. */
async function trouble(): Promise<void> {
  await stage.write('  - { name: more, match: { path: /more/* }, upstream: models }\n')
  await see(page, 'header', 'generation 2')
  await stage.endTarget()
  for (let turn = 0; turn < 6; turn++) await stage.ask('/crew/a')
  await load(20)
  await stage.ask('/openai/a', { 'x-answer': '429' })
  await stage.write('  - { name: more, match: { path: /more/* }, upstream: modells }\n')
  await see(page, '.attention', 'The file on disk does not run')
  await see(page, '.attention', 'rests')
}

test('neither the page nor what it loads or shows holds a credential', async () => {
  const bodies: string[] = []
  page.on('response', (response) => {
    if (!response.url().endsWith('/events'))
      void response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      )
  })
  await page.reload()
  await trouble()
  bodies.push(await page.content())
  expect(bodies.length).toBeGreaterThan(5)
  for (const credential of Object.values(CREDENTIALS))
    for (const form of [credential, Buffer.from(credential).toString('base64')])
      expect(bodies.filter((body) => body.includes(form))).toEqual([])
})
