import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { shortcutText } from './shortcutText.js'

export type MenuEntry =
  | {
      readonly label: string
      readonly shortcut?: string
      readonly icon?: ReactNode
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly onSelect: () => void
    }
  | 'line'

/** A drop-down menu on a trigger button. Not modal: a modal one writes a `<style>` element, which the page's policy refuses. */
export function Menu({
  trigger,
  entries,
  align = 'start',
}: {
  readonly trigger: ReactNode
  readonly entries: readonly MenuEntry[]
  readonly align?: 'start' | 'end'
}) {
  const { t } = useTranslation()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {entries.map((entry, index) =>
            entry === 'line' ? (
              <DropdownMenu.Separator key={`line-${index}`} className="menu-line" />
            ) : (
              <DropdownMenu.Item
                key={entry.label}
                className={entry.danger === true ? 'menu-item menu-danger' : 'menu-item'}
                disabled={entry.disabled ?? false}
                onSelect={entry.onSelect}
              >
                <span className="menu-icon">{entry.icon}</span>
                {entry.label}
                {entry.shortcut !== undefined && (
                  <span className="menu-keys">{shortcutText(entry.shortcut, t)}</span>
                )}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
