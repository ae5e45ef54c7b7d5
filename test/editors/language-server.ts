import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A position in a document, both from zero, as the protocol counts. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** A finding that the editor underlines. */
export interface EditorDiagnostic {
  readonly range: { readonly start: Position; readonly end: Position }
  readonly message: string
  readonly severity: number
}

/** One line of the list that the editor offers. */
export interface CompletionItem {
  readonly label: string
  readonly documentation?: string | { readonly value: string }
  readonly insertText?: string
}

/** A running language server, asked as an editor asks it; each call opens a document of its own. */
export interface LanguageServer {
  diagnose(uri: string, text: string): Promise<readonly EditorDiagnostic[]>
  complete(uri: string, text: string, position: Position): Promise<readonly CompletionItem[]>
  hover(uri: string, text: string, position: Position): Promise<string>
  stop(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Another version is tried by naming its file. */
const SERVER =
  process.env.YAML_LANGUAGE_SERVER ??
  fileURLToPath(
    new URL('node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
  )

/** What VS Code's YAML extension has by default, without its catalogue of schemas on the web. */
const SETTINGS = {
  validate: true,
  hover: true,
  completion: true,
  schemaStore: { enable: false },
  format: { enable: false },
}

/** Starts yaml-language-server on its standard streams and introduces an editor to it. */
export async function startLanguageServer(): Promise<LanguageServer> {
  if (!existsSync(SERVER)) throw new Error('not installed; run `npm ci --prefix test/editors`')
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = connect(child)
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { documentationFormat: ['markdown'], snippetSupport: true } },
        hover: { contentFormat: ['markdown'] },
        publishDiagnostics: {},
      },
    },
  })
  connection.notify('initialized', {})
  connection.notify('workspace/didChangeConfiguration', { settings: { yaml: SETTINGS } })
  return createClient(child, connection)
}

function createClient(child: ChildProcess, connection: Connection): LanguageServer {
  const ask = (uri: string, text: string, position: Position, method: string) => {
    open(connection, uri, text)
    return connection.request(method, { textDocument: { uri }, position })
  }
  return {
    diagnose(uri, text) {
      const published = connection.awaitDiagnostics(uri)
      open(connection, uri, text)
      return published
    },
    async complete(uri, text, position) {
      const answer = await ask(uri, text, position, 'textDocument/completion')
      return (answer as { items?: CompletionItem[] } | null)?.items ?? []
    },
    async hover(uri, text, position) {
      const answer = await ask(uri, text, position, 'textDocument/hover')
      return (answer as { contents?: { value?: string } } | null)?.contents?.value ?? ''
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      await connection.request('shutdown', null)
      connection.notify('exit', null)
      await gone
    },
  }
}

function open(connection: Connection, uri: string, text: string): void {
  connection.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  })
}

interface Connection {
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): void
  awaitDiagnostics(uri: string): Promise<readonly EditorDiagnostic[]>
}

function connect(child: ChildProcess): Connection {
  let lastId = 0
  const pending = new Map<number, (message: Message) => void>()
  const listeners = new Map<string, (diagnostics: readonly EditorDiagnostic[]) => void>()
  const send = (message: object) => child.stdin?.write(frame(message))
  readMessages(child, (message) => {
    if (message.method === undefined) pending.get(message.id as number)?.(message)
    else if (message.id !== undefined)
      send({ jsonrpc: '2.0', id: message.id, result: answer(message) })
    else if (message.method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params as Published
      listeners.get(uri)?.(diagnostics)
    }
  })
  return {
    request(method, params) {
      lastId += 1
      const id = lastId
      send({ jsonrpc: '2.0', id, method, params })
      return new Promise((resolve, reject) => {
        pending.set(id, ({ result, error }) => {
          pending.delete(id)
          if (error) reject(new Error(error.message))
          else resolve(result)
        })
      })
    },
    notify: (method, params) => void send({ jsonrpc: '2.0', method, params }),
    awaitDiagnostics: (uri) =>
      new Promise((resolve) => {
        listeners.set(uri, (diagnostics) => {
          listeners.delete(uri)
          resolve(diagnostics)
        })
      }),
  }
}

interface Published {
  readonly uri: string
  readonly diagnostics: readonly EditorDiagnostic[]
}

/** Answers what the server asks its editor: its settings, section by section. */
function answer({ method, params }: Message): unknown {
  if (method !== 'workspace/configuration') return null
  const { items } = params as { items: { section?: string }[] }
  return items.map(({ section }) => (section === 'yaml' ? SETTINGS : {}))
}

function frame(message: object): string {
  const body = JSON.stringify(message)
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function readMessages(child: ChildProcess, onMessage: (message: Message) => void): void {
  let buffer = Buffer.alloc(0)
  child.stdout?.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(buffer.toString('latin1', 0, end))?.[1])
      const body = buffer.subarray(end + 4, end + 4 + length)
      if (body.length < length) return
      buffer = buffer.subarray(end + 4 + length)
      onMessage(JSON.parse(body.toString('utf8')) as Message)
    }
  })
}
