import ipaddr from 'ipaddr.js'
import { parsePathPattern } from '../../language/path-pattern.ts'
import type { NormalCondition, NormalKind, NormalMatcher } from '../../shapes/normal-config.ts'
import { impliesMatcher, isDisjoint } from './matcher-implication.ts'

/** Kinds by name; what is known of how their values look. */
export type Kinds = ReadonlyMap<string, NormalKind>

/** Whether `b` surely holds wherever `a` does. Where there is no telling, it says no. */
export function implies(a: NormalCondition, b: NormalCondition, kinds: Kinds): boolean {
  if (b.type === 'all') return b.of.every((part) => implies(a, part, kinds))
  if (a.type === 'any') return a.of.every((part) => implies(part, b, kinds))
  if (a.type === 'all' && a.of.some((part) => implies(part, b, kinds))) return true
  if (b.type === 'any') return b.of.some((part) => implies(a, part, kinds))
  if (b.type === 'not') return excludes(a, b.of, kinds)
  return isLeaf(a) && isLeaf(b) && impliesLeaf(a, b, kinds)
}

/** Whether `a` and `b` surely never hold together. */
export function excludes(a: NormalCondition, b: NormalCondition, kinds: Kinds): boolean {
  if (a.type === 'not') return implies(b, a.of, kinds)
  if (b.type === 'not') return implies(a, b.of, kinds)
  if (a.type === 'any') return a.of.every((part) => excludes(part, b, kinds))
  if (b.type === 'any') return b.of.every((part) => excludes(a, part, kinds))
  if (a.type === 'all') return a.of.some((part) => excludes(part, b, kinds))
  if (b.type === 'all') return b.of.some((part) => excludes(a, part, kinds))
  return isLeaf(a) && isLeaf(b) && excludesLeaf(a, b)
}

/** Whether a condition surely never holds. */
export function isContradiction(condition: NormalCondition, kinds: Kinds): boolean {
  if (condition.type === 'any') return condition.of.every((part) => isContradiction(part, kinds))
  if (condition.type !== 'all') return false
  const { of } = condition
  return of.some(
    (a, index) =>
      isContradiction(a, kinds) || of.some((b, other) => other > index && excludes(a, b, kinds)),
  )
}

type Leaf = Exclude<NormalCondition, { type: 'all' | 'any' | 'not' }>

function isLeaf(condition: NormalCondition): condition is Leaf {
  return condition.type !== 'all' && condition.type !== 'any' && condition.type !== 'not'
}

function impliesLeaf(a: Leaf, b: Leaf, kinds: Kinds): boolean {
  const [left, right] = [asText(a), asText(b)]
  if (left && right)
    return left.subject === right.subject && impliesMatcher(left.matcher, right.matcher)
  if (a.type === 'kind' && b.type === 'credential') return impliesShape(a.in, b.matcher, kinds)
  if (isList(a) && b.type === 'credential') return isPresence(b.matcher)
  if (a.type === 'client-ip' && b.type === 'client-ip')
    return a.in.every((inner) => b.in.some((outer) => contains(outer, inner)))
  if (isList(a) && isList(b))
    return a.type === b.type && a.in.every((value) => b.in.includes(value))
  if (a.type === 'path-pattern' && b.type === 'path-pattern') return covers(b.pattern, a.pattern)
  return false
}

function excludesLeaf(a: Leaf, b: Leaf): boolean {
  const [left, right] = [asText(a), asText(b)]
  if (left && right)
    return left.subject === right.subject && isDisjoint(left.matcher, right.matcher)
  if (isList(a) && isList(b))
    return a.type === b.type && !a.in.some((value) => b.in.includes(value))
  if (isList(a) && b.type === 'credential') return b.matcher.present === false
  if (isList(b) && a.type === 'credential') return excludesLeaf(b, a)
  return false
}

type ListLeaf = Extract<Leaf, { type: 'kind' | 'scheme' | 'source' }>

function isList(leaf: Leaf): leaf is ListLeaf {
  return leaf.type === 'kind' || leaf.type === 'scheme' || leaf.type === 'source'
}

/** A leaf that compares one text, under a name for that text. */
function asText(leaf: Leaf): { subject: string; matcher: NormalMatcher } | null {
  switch (leaf.type) {
    case 'header':
    case 'query':
      return { subject: `${leaf.type} ${leaf.name}`, matcher: leaf.matcher }
    case 'credential':
    case 'method':
    case 'path':
    case 'host':
    case 'client-name':
      return { subject: leaf.type, matcher: leaf.matcher }
    default:
      return null
  }
}

function isPresence(matcher: NormalMatcher): boolean {
  return matcher.present === true && Object.keys(matcher).length === 1
}

/** Whether all values of the kinds match; only prefixes tell how a kind's values look. */
function impliesShape(names: readonly string[], matcher: NormalMatcher, kinds: Kinds): boolean {
  if (isPresence(matcher)) return true
  return names.every((name) => {
    const kind = kinds.get(name)
    if (!kind?.prefixes || kind.matches !== undefined) return false
    return kind.prefixes.every((prefix) => impliesMatcher({ prefix }, matcher))
  })
}

function contains(outer: string, inner: string): boolean {
  const [network, bits] = parseNetwork(outer)
  const [address, innerBits] = parseNetwork(inner)
  return network.kind() === address.kind() && innerBits >= bits && address.match(network, bits)
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Whether one path pattern matches all that another does. */
export function covers(outer: string, inner: string): boolean {
  if (outer === inner) return true
  const [big, small] = [parsePathPattern(outer), parsePathPattern(inner)]
  if (!big.isPrefix && (small.isPrefix || big.segments.length !== small.segments.length))
    return false
  return big.segments.every((segment, index) => {
    const other = small.segments[index]
    if (!other) return false
    return segment.type === 'parameter' || (other.type === 'literal' && other.text === segment.text)
  })
}
