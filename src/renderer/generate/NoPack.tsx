import { Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../state/editor.js'
import { Button } from '../ui/Button.js'

/** Says that a model is wanted, and leads to installing one. */
export function NoPack() {
  const { t } = useTranslation()
  const set = useEditor((state) => state.set)
  return (
    <div className="empty">
      <Sparkles aria-hidden />
      <p>{t('generate.noPack')}</p>
      <p className="hint">{t('generate.noPackHint')}</p>
      <Button variant="primary" onClick={() => set({ dialog: 'packs' })}>
        {t('generate.installPack')}
      </Button>
    </div>
  )
}
