import type { AnswerForm } from './exchange-record.ts'

/** Requests under way, told apart by how they are answered. */
export type OpenCounts = Readonly<Record<AnswerForm, number>>

/** The same, of one route. */
export interface OpenRoute extends OpenCounts {
  readonly route: string
}

/** Counts requests from their decision to their end. */
export class OpenRequests {
  private readonly routes = new Map<string, Record<AnswerForm, number>>()

  /** A request of a route begins; what is given back is told when it changes and ends. */
  enter(route: string): OpenRequest {
    let counts = this.routes.get(route)
    if (counts === undefined) {
      counts = { plain: 0, sse: 0, websocket: 0 }
      this.routes.set(route, counts)
    }
    return new OpenRequest(counts)
  }

  /** The counts of each route that has had a request. */
  read(): readonly OpenRoute[] {
    return [...this.routes].map(([route, counts]) => ({ route, ...counts }))
  }

  /** Forgets routes that are gone and have nothing under way. */
  retain(isLive: (route: string) => boolean): void {
    for (const [route, { plain, sse, websocket }] of this.routes)
      if (plain + sse + websocket === 0 && !isLive(route)) this.routes.delete(route)
  }
}

/** One request under way. */
export class OpenRequest {
  form: AnswerForm = 'plain'
  private readonly counts: Record<AnswerForm, number>

  constructor(counts: Record<AnswerForm, number>) {
    this.counts = counts
    counts.plain += 1
  }

  turnInto(form: AnswerForm): void {
    this.counts[this.form] -= 1
    this.counts[form] += 1
    this.form = form
  }

  leave(): void {
    this.counts[this.form] -= 1
  }
}
