import { useTranslation } from 'react-i18next'
import { useLeaving } from '../state/leaving.js'
import { ConfirmDialog } from '../ui/Dialog.js'

/** Asks before another project takes the place of one whose work still runs. */
export function LeavingDialog() {
  const { t } = useTranslation()
  const asked = useLeaving((state) => state.asked)
  if (asked === null) return null
  return (
    <ConfirmDialog
      title={t('leaving.title', { count: asked.jobs })}
      body={t('leaving.body')}
      confirm={t('leaving.confirm')}
      cancel={t('leaving.stay')}
      onAnswer={asked.answer}
    />
  )
}
