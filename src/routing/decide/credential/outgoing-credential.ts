import type { NormalKind, Place } from '../../../config/shapes/normal-config.ts'
import type { UsedSecret } from '../../rules/request-context.ts'

/** The one credential that leaves; `place` is null where none does. */
export interface OutgoingCredential {
  readonly place: Place | null
  /** The field's or parameter's whole value. */
  readonly text: string
  /** The credential in it. */
  readonly value: string
  /** Kind of what leaves; null: none, or an injected one that the catalogue does not know. */
  readonly kind: NormalKind | null
  /** Whether the client's bytes leave in the client's place. */
  readonly isAsItCame: boolean
  /** The secret that it is; null: the client's own. */
  readonly secret: UsedSecret | null
}
