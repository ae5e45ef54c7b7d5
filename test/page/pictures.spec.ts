// Takes the documentation's pictures of the page, after some minutes of work:
//   KEYWAY_PICTURES=docs/images npm run test:page pictures
import { expect, test } from 'vitest'
import { launchBrowser } from './launch-browser.ts'
import { type Stage, startStage } from './stage.ts'

const { KEYWAY_PICTURES: folder = '' } = process.env
const SECONDS = Number(process.env.KEYWAY_PICTURES_SECONDS ?? 240)

test.skipIf(folder === '')(
  'pictures for the documentation',
  async () => {
    const stage = await startStage()
    const browser = await launchBrowser()
    const views = [
      { name: 'page', colorScheme: 'light', viewport: { width: 1280, height: 1000 } },
      { name: 'page-file', colorScheme: 'dark', viewport: { width: 1280, height: 1000 } },
      { name: 'page-state', colorScheme: 'light', viewport: { width: 1280, height: 720 } },
      { name: 'page-phone', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
    ] as const
    const pages = await Promise.all(
      views.map(async ({ name, ...options }) => {
        const page = await browser.newPage(options)
        await page.goto(stage.admin)
        return { name, page }
      }),
    )
    await work(stage)
    const endStreams = await stage.openStreams()
    await pages[0]?.page.locator('#open').filter({ hasText: '1 WebSocket' }).waitFor()
    for (const { name, page } of pages) {
      const shown = SCROLLED[name]
      if (shown !== undefined) await page.locator(shown).evaluate((part) => part.scrollIntoView())
      await page.evaluate(() => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
          text.nodeValue = text.nodeValue?.replace(/\/tmp\/keyway-page-\w+/, '/etc/keyway') ?? ''
      })
      await page.screenshot({ path: `${folder}/${name}.png` })
    }
    await endStreams()
    await browser.close()
    await stage.close()
    expect(pages).toHaveLength(4)
  },
  (SECONDS + 60) * 1_000,
)

/** What a picture shows, where it is not the page's beginning. */
const SCROLLED: Readonly<Record<string, string>> = { 'page-file': '#file', 'page-state': '#open' }

/** Traffic that rises and falls, then everything that may go wrong. */
async function work(stage: Stage): Promise<void> {
  for (let second = 0; second < SECONDS; second++) {
    const pause = new Promise((resolve) => setTimeout(resolve, 1_000))
    const busy = 22 + 12 * Math.sin(second / 25) + 4 * Math.sin(second / 4)
    await Promise.all(Array.from({ length: Math.round(busy) }, (_, turn) => one(stage, turn)))
    if (second === Math.round(SECONDS * 0.4)) await stage.write(MORE)
    if (second === SECONDS - 20) await trouble(stage)
    await pause
  }
}

async function one(stage: Stage, turn: number): Promise<void> {
  const path = ['/anthropic/v1/messages', '/openai/v1/responses', '/crew/a'][Math.min(2, turn % 5)]
  const slow = Math.random() < 0.05 ? 900 : 20 + Math.random() * 140
  const answer = Math.random() < 0.02 ? '500' : Math.random() < 0.03 ? '400' : '200'
  const token =
    turn % 2 === 0 ? 'sk-ant-oat01-FAKE-login-0123456789' : 'sk-ant-api03-FAKE-0123456789'
  const headers = { 'x-delay': String(slow), 'x-answer': answer }
  await stage.ask(path ?? '/', {
    ...headers,
    ...(turn % 3 ? {} : { authorization: `Bearer ${token}` }),
  })
}

const MORE = '  - { name: batches, match: { path: /batches/* }, upstream: models }\n'

async function trouble(stage: Stage): Promise<void> {
  await stage.endTarget()
  for (const _ of ['first', 'second']) await stage.ask('/openai/v1', { 'x-answer': '429' })
  await stage.writeSecret('second', null)
  await stage.write(MORE.replace('models', 'modells'))
}
