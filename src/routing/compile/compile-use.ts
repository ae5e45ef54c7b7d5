import { parseTemplate, type TemplatePart } from '../../config/language/template.ts'
import type { NormalPlacement } from '../../config/shapes/normal-config.ts'
import type { Use } from '../rules/route.ts'
import { compileTemplate, type Template, type TemplateSources } from '../rules/template.ts'

/** Compiles a placement; `namesScheme`: its rule asks for a scheme, and so means credentials that are bound to theirs, too. */
export function compileUse(
  placement: NormalPlacement,
  sources: TemplateSources,
  namesScheme: Use['namesScheme'],
): Use {
  if (placement.place === 'none')
    return { placement, value: null, isBasic: false, isOperators: false, namesScheme }
  const { value: written, basic } = placement
  const texts = basic ? [basic.user, basic.password] : written === null ? [] : [written]
  const value = written === null ? null : compileTemplate(written, sources)
  return {
    placement,
    value: basic ? compileBasic(basic, sources) : value,
    isBasic: basic !== null,
    isOperators: texts.length > 0 && texts.every(isOperators),
    namesScheme,
  }
}

/** User and password as they are before they are encoded; null: one can't be had, or a colon is in the user. */
function compileBasic(
  basic: { readonly user: string; readonly password: string },
  sources: TemplateSources,
): Template {
  const user = compileTemplate(basic.user, sources)
  const password = compileTemplate(basic.password, sources)
  return (context) => {
    const [name, secret] = [user(context), password(context)]
    return name === null || secret === null || name.includes(':') ? null : `${name}:${secret}`
  }
}

/** Whether a value is made of text, the environment and secrets only. */
function isOperators(written: string): boolean {
  return parseTemplate(written).every(({ type }) => OPERATORS.has(type))
}

const OPERATORS: ReadonlySet<TemplatePart['type']> = new Set(['text', 'env', 'secret'])
