import type { ExchangeRecord } from './exchange-record.ts'

/** What most requests of a route have in common with the one before. */
type Common = Pick<
  ExchangeRecord,
  'rule' | 'branch' | 'upstream' | 'credentialKind' | 'status' | 'origin' | 'code'
>

/** Keeps what was made for the latest request of a route, for those after it that have so much in common with it. */
export class Latest<Made> {
  private readonly make: (record: ExchangeRecord) => Made
  private known: { readonly common: Common; readonly made: Made } | null = null

  /** `make` looks at nothing else that requests of one route differ in. */
  constructor(make: (record: ExchangeRecord) => Made) {
    this.make = make
  }

  of(record: ExchangeRecord): Made {
    if (this.known === null || !isAlike(this.known.common, record))
      this.known = { common: commonOf(record), made: this.make(record) }
    return this.known.made
  }

  /** What it was made of may be gone. */
  forget(): void {
    this.known = null
  }
}

/** A copy, as a record knows a path and an id too. */
function commonOf(record: ExchangeRecord): Common {
  const { rule, branch, upstream, credentialKind, status, origin, code } = record
  return { rule, branch, upstream, credentialKind, status, origin, code }
}

function isAlike(common: Common, record: ExchangeRecord): boolean {
  return (
    common.status === record.status &&
    common.rule === record.rule &&
    common.branch === record.branch &&
    common.upstream === record.upstream &&
    common.credentialKind === record.credentialKind &&
    common.origin === record.origin &&
    common.code === record.code
  )
}
