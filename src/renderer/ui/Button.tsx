import { Tooltip } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { shortcutText } from './shortcutText.js'

type Variant = 'primary' | 'plain' | 'quiet' | 'danger'

/** A labelled button. `type="button"` unless said otherwise, so that it never submits by accident. */
export function Button({
  variant = 'plain',
  icon,
  children,
  className = '',
  ...rest
}: ComponentProps<'button'> & { readonly variant?: Variant; readonly icon?: ReactNode }) {
  return (
    <button type="button" className={`button button-${variant} ${className}`} {...rest}>
      {icon}
      <span className="button-text">{children}</span>
    </button>
  )
}

/** A button that is only an icon: its name is read aloud and shown, with its shortcut, on hover and focus. */
export function IconButton({
  label,
  shortcut,
  children,
  pressed,
  side = 'bottom',
  className = '',
  disabled = false,
  onClick,
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-label'> & {
  readonly label: string
  /** Keys as in the key map, e.g. `Mod+Z`. */
  readonly shortcut?: string
  readonly pressed?: boolean
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
}) {
  return (
    <Hint label={label} side={side} {...(shortcut === undefined ? {} : { shortcut })}>
      <button
        type="button"
        className={`icon-button ${className}`}
        aria-label={label}
        aria-pressed={pressed}
        // Stays focusable, so that keyboard focus is not lost when an action runs out.
        aria-disabled={disabled}
        onClick={disabled ? undefined : onClick}
        {...rest}
      >
        {children}
      </button>
    </Hint>
  )
}

/** A tooltip that carries the shortcut. */
export function Hint({
  label,
  shortcut,
  side = 'bottom',
  children,
}: {
  readonly label: string
  readonly shortcut?: string
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly children: ReactNode
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {label}
          {shortcut !== undefined && <Keys shortcut={shortcut} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

/** Apart, so that it is worked out when the tooltip opens and not with every button. */
function Keys({ shortcut }: { readonly shortcut: string }) {
  const { t } = useTranslation()
  return <kbd className="key">{shortcutText(shortcut, t)}</kbd>
}
