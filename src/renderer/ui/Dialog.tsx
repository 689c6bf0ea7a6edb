import { X } from 'lucide-react'
import { AlertDialog, Dialog } from 'radix-ui'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.js'

/**
 * Radix gives Escape to what was opened last, and to it a message in the corner is one of these: a
 * dialog that is older would need the key twice.
 */
function onEscape(close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    close()
  }
}

/**
 * A modal dialog. Radix traps the focus and hides the rest from screen readers; its own
 * Overlay is left out because it writes a `<style>` element, which the page's content
 * security policy refuses.
 */
export function ModalDialog({
  title,
  width = 'medium',
  onClose,
  footer,
  children,
}: {
  readonly title: string
  readonly width?: 'small' | 'medium' | 'large'
  readonly onClose: () => void
  readonly footer?: ReactNode
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <div className="scrim">
          <Dialog.Content
            className={`dialog dialog-${width}`}
            aria-describedby={undefined}
            onKeyDown={onEscape(onClose)}
          >
            <div className="dialog-head">
              <Dialog.Title className="dialog-title">{title}</Dialog.Title>
            </div>
            <div className="dialog-body">{children}</div>
            {footer !== undefined && <div className="dialog-foot">{footer}</div>}
            {/* Last, so that the focus starts on what the dialog is for. */}
            <Dialog.Close className="icon-button dialog-close" aria-label={t('common.close')}>
              <X />
            </Dialog.Close>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** A question that must be answered; Cancel has the focus, so that Enter never destroys anything. */
export function ConfirmDialog({
  title,
  body,
  confirm,
  cancel,
  onAnswer,
}: {
  readonly title: string
  readonly body: string
  readonly confirm: string
  readonly cancel?: string
  readonly onAnswer: (confirmed: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onAnswer(false)}>
      <AlertDialog.Portal>
        <div className="scrim">
          <AlertDialog.Content
            className="dialog dialog-small"
            onKeyDown={onEscape(() => onAnswer(false))}
          >
            <div className="dialog-head">
              <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
            </div>
            <AlertDialog.Description className="dialog-body muted">{body}</AlertDialog.Description>
            <div className="dialog-foot">
              <AlertDialog.Cancel asChild>
                <Button>{cancel ?? t('common.cancel')}</Button>
              </AlertDialog.Cancel>
              <Button variant="danger" onClick={() => onAnswer(true)}>
                {confirm}
              </Button>
            </div>
          </AlertDialog.Content>
        </div>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
