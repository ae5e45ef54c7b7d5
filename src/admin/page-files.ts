import { readFile } from 'node:fs/promises'
import { type AdminPage, type AdminPages, textAnswer } from './admin-page.ts'

/** Where scripts/build-page.mjs puts the page: as deep below the project for src, dist and the bundle. */
const FOLDER = new URL('../../dist/page/', import.meta.url)

/** The page that a browser shows, and what it loads. */
export function createPageFiles(): AdminPages {
  return {
    '/': pageFile('index.html', 'text/html; charset=utf-8'),
    '/page.js': pageFile('page.js', 'text/javascript; charset=utf-8'),
    '/page.css': pageFile('page.css', 'text/css; charset=utf-8'),
  }
}

function pageFile(name: string, type: string): AdminPage {
  return async () => {
    try {
      return { status: 200, type, body: await readFile(new URL(name, FOLDER)) }
    } catch {
      return textAnswer(404, 'the page is not built; `npm run build` does it')
    }
  }
}
