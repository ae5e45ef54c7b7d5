import { fileURLToPath } from 'node:url'
import { readWholeInTime } from '../files/read-file.ts'
import { type AdminPage, type AdminPages, textAnswer } from './admin-page.ts'

/** Where scripts/build-page.mjs puts the page: as deep below the project for src, dist and the bundle. */
const FOLDER = new URL('../../dist/page/', import.meta.url)

/** The script has a hundred thousand. */
const LIMIT_BYTES = 4 * 1024 * 1024

/** The page that a browser shows, and what it loads. */
export function createPageFiles(): AdminPages {
  return {
    '/': pageFile('index.html', 'text/html; charset=utf-8'),
    '/page.js': pageFile('page.js', 'text/javascript; charset=utf-8'),
    '/page.css': pageFile('page.css', 'text/css; charset=utf-8'),
  }
}

function pageFile(name: string, type: string): AdminPage {
  const path = fileURLToPath(new URL(name, FOLDER))
  return async () => {
    try {
      return { status: 200, type, body: await readWholeInTime(path, LIMIT_BYTES) }
    } catch {
      return textAnswer(404, 'the page is not built; `npm run build` does it')
    }
  }
}
