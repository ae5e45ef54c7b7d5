import type { Block } from './read-blocks.ts'

/** One command, and the lines that it prints; null: they are not looked at. */
export interface Step {
  readonly command: string
  readonly expected: readonly string[] | null
}

/** The commands of a block: a `console` block shows what each prints, `sh` is one script. */
export function stepsOf({ language, text }: Block): readonly Step[] {
  if (language === 'sh') return [{ command: text, expected: null }]
  const steps: { command: string; expected: string[] }[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] })
    else if (line.startsWith('> '))
      (steps.at(-1) as { command: string }).command += `\n${line.slice(2)}`
    else steps.at(-1)?.expected.push(line)
  }
  return steps
}

/** Whether lines are those expected; `…` stands for anything within a line, and by itself for any lines. */
export function matches(expected: readonly string[], printed: string): boolean {
  const pattern = expected.map((line) => (line === '…' ? '(?:.*\n)*?' : `${quoted(line)}\n`))
  return new RegExp(`^${pattern.join('')}$`).test(printed.replace(/\n*$/, '\n').replace(/^\n$/, ''))
}

function quoted(line: string): string {
  return line
    .split('…')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
}
