import type { ComponentChildren, VNode } from 'preact'

/** One part of the page, which its title and its address lead to. */
export interface SectionProps {
  readonly id: string
  readonly title: string
  /** A few words beside the title. */
  readonly note?: ComponentChildren
  readonly children: ComponentChildren
}

/** A part of the page under its title. */
export function Section({ id, title, note, children }: SectionProps): VNode {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <div class="title">
        <h2 id={`${id}-title`}>{title}</h2>
        {note === undefined ? null : <p>{note}</p>}
      </div>
      {children}
    </section>
  )
}

/** What may be wider or longer than its place; by keyboard it scrolls too. */
export function Scroll({
  label,
  children,
}: Pick<SectionProps, 'children'> & { readonly label: string }): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard can't scroll
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
