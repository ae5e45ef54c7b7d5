/** A text as such, on one line and within one cell of a table: nothing in it is markup (GitHub Flavored Markdown). */
export function plain(text: string): string {
  return onOneLine(text).replaceAll(/[\\`*_[\]<>&|#~]/g, String.raw`\$&`)
}

/** A text as code, within one cell of a table. */
export function code(text: string): string {
  const line = onOneLine(text)
  // A backslash before a bar would be taken for one that hides the bar from the table.
  if (!/`|\\\|/.test(line)) return `\`${line.replaceAll('|', String.raw`\|`)}\``
  return `<code>${line.replaceAll(/[^A-Za-z0-9 ./:=-]/gu, entity)}</code>`
}

function entity(sign: string): string {
  return `&#${sign.codePointAt(0)};`
}

function onOneLine(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, ' ')
}
