/**
 * JSON with sorted keys, two spaces a level, and lists of plain values on one line: the same
 * data always gives the same bytes, and a version control diff shows what changed.
 * `value` must be JSON data; undefined fields are left out as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  const parts: string[] = []
  write(value, '\n', parts)
  parts.push('\n')
  return parts.join('')
}

function write(value: unknown, newline: string, parts: string[]): void {
  if (Array.isArray(value)) writeList(value, newline, parts)
  else if (typeof value === 'object' && value !== null) writeObject(value, newline, parts)
  else parts.push(JSON.stringify(value))
}

function writeList(list: readonly unknown[], newline: string, parts: string[]): void {
  if (list.every((item) => typeof item !== 'object' || item === null)) {
    parts.push(JSON.stringify(list))
    return
  }
  const inner = `${newline}  `
  parts.push('[')
  list.forEach((item, at) => {
    parts.push(at === 0 ? inner : `,${inner}`)
    write(item, inner, parts)
  })
  parts.push(newline, ']')
}

function writeObject(object: object, newline: string, parts: string[]): void {
  const entries = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) {
    parts.push('{}')
    return
  }
  const inner = `${newline}  `
  parts.push('{')
  entries.forEach(([key, value], at) => {
    parts.push(at === 0 ? inner : `,${inner}`, JSON.stringify(key), ': ')
    write(value, inner, parts)
  })
  parts.push(newline, '}')
}
