import { Brush, Circle, Eraser, Hand, Lasso, MousePointer2, Square } from 'lucide-react'
import { Toolbar } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { keysFor } from '../keymap.js'
import { useEditor } from '../state/editor.js'
import type { Tool } from '../state/editor.js'
import { Hint } from '../ui/Button.js'

const TOOLS: readonly (readonly [Tool, ReactNode] | 'line')[] = [
  ['select', <MousePointer2 key="select" />],
  ['hand', <Hand key="hand" />],
  'line',
  ['brush', <Brush key="brush" />],
  ['eraser', <Eraser key="eraser" />],
  ['rectangle', <Square key="rectangle" />],
  ['ellipse', <Circle key="ellipse" />],
  ['lasso', <Lasso key="lasso" />],
]

/** The viewer's tools. One tab stop; arrows move between them. */
export function ToolStrip() {
  const { t } = useTranslation()
  const tool = useEditor((state) => state.tool)
  const set = useEditor((state) => state.set)
  return (
    <Toolbar.Root className="tool-strip" orientation="vertical" aria-label={t('panel.tools')}>
      <Toolbar.ToggleGroup
        type="single"
        className="tool-group"
        value={tool}
        onValueChange={(next) => {
          if (next !== '') set({ tool: next as Tool })
        }}
      >
        {TOOLS.map((entry, index) => {
          if (entry === 'line') return <Toolbar.Separator key={index} className="tool-line" />
          const [name, icon] = entry
          const keys = keysFor(name)
          return (
            <Hint
              key={name}
              label={t(`tool.${name}`)}
              side="right"
              {...(keys === undefined ? {} : { shortcut: keys })}
            >
              {/* A tooltip and a toggle both want `data-state`; the wrapper keeps them apart. */}
              <span className="tool-slot">
                <Toolbar.ToggleItem
                  value={name}
                  className="tool-button"
                  aria-label={t(`tool.${name}`)}
                >
                  {icon}
                </Toolbar.ToggleItem>
              </span>
            </Hint>
          )
        })}
      </Toolbar.ToggleGroup>
    </Toolbar.Root>
  )
}
