import { History, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../bridge/connection.js'
import { useProject } from '../state/project.js'
import { Button } from '../ui/Button.js'
import { ConfirmDialog } from '../ui/Dialog.js'

/** What concerns the whole window: a lost connection, work recovered after a crash. */
export function Banners() {
  const { t } = useTranslation()
  const connected = useConnection((state) => state.connected)
  const recovered = useProject((state) => state.recovered)
  return (
    <div aria-live="assertive">
      {!connected && (
        <div className="banner banner-bad">
          <Unplug aria-hidden />
          <p>{t('app.disconnected')}</p>
        </div>
      )}
      {recovered && <Recovery recovered={recovered} />}
    </div>
  )
}

function Recovery({
  recovered,
}: {
  readonly recovered: { readonly commands: number; readonly damagedTail: boolean }
}) {
  const { t } = useTranslation()
  const keep = useProject((state) => state.keepRecovery)
  const discard = useProject((state) => state.discardRecovery)
  const [asking, setAsking] = useState(false)
  return (
    <div className="banner">
      <History aria-hidden />
      <p>
        <strong>{t('recovery.title')}</strong> {t('recovery.body', { count: recovered.commands })}
        {recovered.damagedTail && ` ${t('recovery.damaged')}`}
      </p>
      <Button onClick={() => setAsking(true)}>{t('recovery.discard')}</Button>
      <Button variant="primary" onClick={() => void keep()}>
        {t('recovery.keep')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('recovery.discardTitle')}
          body={t('recovery.discardBody')}
          confirm={t('recovery.discard')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void discard()
          }}
        />
      )}
    </div>
  )
}
