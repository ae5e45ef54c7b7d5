import { listWords } from '../diagnostics/suggest.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks that each secret has exactly one source. */
export function checkSecrets({ model, report }: CheckContext): void {
  for (const { path, value } of model.secrets) {
    const sources = (['file', 'env', 'pool'] as const).filter((key) => value[key] !== undefined)
    if (sources.length === 0)
      report(
        errorAt(path, 'secret-source', 'the secret has no source', {
          part: 'key',
          hint: 'add "file", "env" or "pool"',
        }),
      )
    if (sources.length > 1)
      report(
        errorAt(
          [...path, sources[1] as string],
          'secret-source',
          `the secret has ${listWords(sources)}`,
          {
            part: 'key',
            hint: 'a secret has exactly one source',
          },
        ),
      )
    if (value.cooldown !== undefined && value.pool === undefined)
      report(
        errorAt([...path, 'cooldown'], 'secret-source', 'only a pool has a cooldown', {
          part: 'key',
          hint: 'remove it',
        }),
      )
  }
}
