import type { ReactNode } from 'react'

/**
 * The Markdown of model cards: headings, lists, tables, code, bold. Text only: whatever a card
 * says, nothing in it becomes a link, a picture or markup.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <div className="markdown">{blocksOf(text).map(renderBlock)}</div>
}

function blocksOf(text: string): string[] {
  const blocks: string[] = []
  let code = false
  let block: string[] = []
  const end = (): void => {
    if (block.length > 0) blocks.push(block.join('\n'))
    block = []
  }
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('```')) {
      if (!code) end()
      block.push(line)
      if (code) end()
      code = !code
    } else if (!code && line.trim() === '') end()
    else block.push(line)
  }
  end()
  return blocks
}

function renderBlock(block: string, key: number): ReactNode {
  const lines = block.split('\n')
  const [first = ''] = lines
  if (first.startsWith('```')) {
    return <pre key={key}>{lines.filter((line) => !line.startsWith('```')).join('\n')}</pre>
  }
  const heading = /^(#+) (.*)/.exec(first)
  // The dialog and the pack have the first three levels.
  if (heading !== null) return <h4 key={key}>{inline(heading[2] ?? '')}</h4>
  if (first.startsWith('- ')) {
    return (
      <ul key={key}>
        {lines.map((line) => (
          <li key={line}>{inline(line.replace(/^- /, ''))}</li>
        ))}
      </ul>
    )
  }
  if (first.startsWith('|')) {
    const rows = lines.filter((line) => !/^[|\s:-]+$/.test(line)).map(cellsOf)
    return (
      <table key={key}>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.join('|')}>
              {cells.map((cell, column) => (
                <td key={`${column}-${cell}`}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    )
  }
  return <p key={key}>{inline(lines.join(' '))}</p>
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

function inline(text: string): ReactNode[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .map((part, key) =>
      part.startsWith('**') ? (
        <strong key={key}>{part.slice(2, -2)}</strong>
      ) : part.startsWith('`') ? (
        <code key={key}>{part.slice(1, -1)}</code>
      ) : (
        part
      ),
    )
}
