import { Image } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EditOperation } from '../../shared/edit/operations.js'
import { bridge } from '../bridge/index.js'
import { choosePicture } from '../state/importing.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import type { EditFocus } from '../state/focus.js'

/** As on the command line: clearly the picture's colours, with some of the clip's own. */
const STRENGTH = 0.8

/** Asks for a picture and adds an operation that gives the clip its colours. */
export function MatchPicture({
  focus: { segment, asset },
  onMatch,
}: {
  readonly focus: EditFocus
  readonly onMatch: (operation: EditOperation) => void
}) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const { from, to, maskId } = segment
  const run = async (): Promise<void> => {
    try {
      const path = await choosePicture()
      if (path === null) return
      setBusy(true)
      const target = { assetId: asset.id, from, to, maskId }
      const wanted = { path, luminanceOnly: false }
      const measured = await bridge.call('edit.matchPicture', { ...target, ...wanted })
      const keys = [{ frame: from, value: STRENGTH }]
      onMatch({ kind: 'match', keys, keepSkin: false, ...measured })
    } catch (thrown) {
      showError(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button
      className="wide"
      icon={<Image aria-hidden />}
      disabled={busy}
      onClick={() => void run()}
    >
      {busy ? t('edit.matching') : t('edit.matchPicture')}
    </Button>
  )
}
