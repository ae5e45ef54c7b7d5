import { detach } from './detach.ts'
import { HOP_BY_HOP } from './header-names.ts'

/** What a reader of messages has to do with a field of some name. */
export type FieldRole =
  | 'end-to-end'
  | 'hop-by-hop'
  | 'connection'
  | 'keep-alive'
  | 'upgrade'
  | 'length'
  | 'coding'
  | 'invalid'

/** A field's name (RFC 9110 §5.1). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const ROLES = new Map<string, FieldRole>()
const ROLES_LIMIT = 4096

/** The role of a field by its name, in whatever case; names seen before cost one look-up. */
export function roleOfField(name: string): FieldRole {
  const known = ROLES.get(name)
  if (known !== undefined) return known
  const role = findRole(name)
  if (ROLES.size < ROLES_LIMIT) ROLES.set(detach(name), role)
  return role
}

function findRole(name: string): FieldRole {
  if (!TOKEN.test(name)) return 'invalid'
  const lower = name.toLowerCase()
  switch (lower) {
    case 'connection':
    case 'keep-alive':
    case 'upgrade':
      return lower
    case 'content-length':
      return 'length'
    case 'transfer-encoding':
      return 'coding'
    default:
      return HOP_BY_HOP.has(lower) ? 'hop-by-hop' : 'end-to-end'
  }
}
