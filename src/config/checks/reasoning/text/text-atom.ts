import type { NormalKind } from '../../../shapes/normal-config.ts'
import type { KindFacet } from '../kind-facet.ts'
import type { Meter } from '../verdict.ts'
import { createKindMachines, type KindMachines } from './kind-machine.ts'
import { containsMachine, oneOfMachine, prefixMachine, suffixMachine } from './literal-machines.ts'
import { type Machine, runs, stateAfter } from './machine.ts'
import { pathMachine } from './path-machine.ts'
import { patternMachine } from './pattern-machine.ts'

/** A set of texts that one test accepts; equal tests have one atom. */
export interface TextAtom {
  readonly id: number
  /** Made when it is first asked for: of texts that are listed it seldom is. */
  readonly machine: Machine
  /** All texts that it accepts, where they can be listed. */
  readonly values: readonly string[] | null
  readonly accepts: (text: string) => boolean
}

/** Makes atoms, each once. */
export interface TextAtoms {
  readonly oneOf: (texts: readonly string[]) => TextAtom
  readonly prefix: (text: string) => TextAtom
  readonly suffix: (text: string) => TextAtom
  readonly contains: (text: string) => TextAtom
  /** Throws CantTell or, where the pattern is none, what re2js throws. */
  readonly matches: (pattern: string) => TextAtom
  /** Throws PathPatternError. */
  readonly path: (pattern: string) => TextAtom
  /** Values of credentials that are of one of these kinds. */
  readonly kinds: (names: readonly string[], by: KindFacet) => TextAtom
  /** What may stand behind a text in one that an atom accepts. */
  readonly behind: (before: string, atom: TextAtom) => TextAtom
}

/** Creates what makes atoms for a file with these kinds, and for another one that it is compared with. */
export function createTextAtoms(
  kinds: Readonly<Record<KindFacet, readonly NormalKind[]>>,
  meter: Meter,
): TextAtoms {
  const atoms = new Map<string, TextAtom>()
  const once = (key: string, make: () => Machine, values: readonly string[] | null = null) => {
    let atom = atoms.get(key)
    if (atom === undefined) {
      atom = createAtom(atoms.size, make, values)
      atoms.set(key, atom)
    }
    return atom
  }
  const kindMachines = new Map<KindFacet, KindMachines>()
  const machinesOf = (by: KindFacet): KindMachines => {
    const machines = kindMachines.get(by) ?? createKindMachines(kinds[by], meter)
    kindMachines.set(by, machines)
    return machines
  }
  return {
    oneOf: (texts) => once(`in ${JSON.stringify(texts)}`, () => oneOfMachine(texts), texts),
    prefix: (text) => once(`prefix ${text}`, () => prefixMachine(text)),
    suffix: (text) => once(`suffix ${text}`, () => suffixMachine(text)),
    contains: (text) => once(`contains ${text}`, () => containsMachine(text)),
    matches: (pattern) => once(`matches ${pattern}`, () => patternMachine(pattern, meter)),
    path: (pattern) => once(`path ${pattern}`, () => pathMachine(pattern)),
    kinds: (names, by) => once(`${by} ${names.toSorted()}`, () => machinesOf(by)(new Set(names))),
    behind: (before, { id, machine, values }) =>
      once(
        `behind ${id} ${before}`,
        () => ({ ...machine, start: stateAfter(machine, before) }),
        values?.flatMap((text) => (text.startsWith(before) ? [text.slice(before.length)] : [])),
      ),
  }
}

function createAtom(id: number, make: () => Machine, values: readonly string[] | null): TextAtom {
  // What can't be read is to be told where it is read.
  let machine = values === null ? make() : null
  const own = (): Machine => {
    machine ??= make()
    return machine
  }
  return {
    id,
    values,
    accepts: (text) => values?.includes(text) ?? runs(own(), text),
    get machine() {
      return own()
    },
  }
}
