import { Check, X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { dismissToast, useToasts } from '../state/toasts.js'
import { ErrorNote } from './ErrorNote.js'

const NOTE_MS = 4000
/** Long enough to read the hint, or to press; details pause the clock while the pointer is on them. */
const LONG_MS = 12_000

/** Short messages in the corner, announced to screen readers. */
export function Toasts() {
  const { t } = useTranslation()
  const toasts = useToasts((state) => state.toasts)
  return (
    <Toast.Provider label={t('toast.region')} swipeDirection="right">
      {toasts.map((toast) => (
        <Toast.Root
          key={toast.id}
          className="toast"
          type={toast.kind === 'error' ? 'foreground' : 'background'}
          duration={toast.kind === 'error' || toast.show !== undefined ? LONG_MS : NOTE_MS}
          onOpenChange={(open) => !open && dismissToast(toast.id)}
        >
          {toast.kind === 'error' ? (
            <Toast.Description asChild>
              <div>
                <ErrorNote error={toast.error} about={toast.about} />
              </div>
            </Toast.Description>
          ) : (
            <Toast.Description className="toast-note">
              <Check aria-hidden />
              {t(`toast.${toast.note}`, { ...toast.values })}
            </Toast.Description>
          )}
          {toast.kind === 'note' && toast.show !== undefined && (
            <Toast.Action
              className="button button-plain toast-show"
              altText={t('toast.show')}
              onClick={toast.show}
            >
              {t('toast.show')}
            </Toast.Action>
          )}
          <Toast.Close className="icon-button toast-close" aria-label={t('common.dismiss')}>
            <X />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="toasts" label={t('toast.region')} />
    </Toast.Provider>
  )
}
