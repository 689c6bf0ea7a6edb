import { Columns2, Eye, Paintbrush } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { HOLD_COMPARE } from '../keymap.js'
import { runAction } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import { useFocus } from '../state/focus.js'
import { Hint } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'

/** Above the viewer: what is in hand, before and after, mask on or off. */
export function CompareBar() {
  const { t } = useTranslation()
  const format = useFormat()
  const focus = useFocus()
  const compare = useEditor((state) => state.compare)
  const wipe = useEditor((state) => state.wipe)
  const showMask = useEditor((state) => state.showMask)
  const set = useEditor((state) => state.set)
  const hold = (): void => set({ compare: 'source' })
  const release = (): void => set({ compare: 'off' })
  return (
    <div className="compare-bar" role="group" aria-label={t('compare.title')}>
      <span className="compare-name">{focus?.asset.name}</span>
      {compare === 'wipe' && (
        <div className="compare-wipe">
          <Slider
            label={t('compare.position')}
            hideLabel
            value={Math.round(wipe * 100)}
            min={0}
            max={100}
            text={format.percent(wipe)}
            onChange={(value) => set({ wipe: value / 100 })}
          />
        </div>
      )}
      <Hint label={t('compare.wipe')} shortcut="Shift+W">
        <button
          type="button"
          className="chip"
          aria-pressed={compare === 'wipe'}
          onClick={() => runAction('wipe')}
        >
          <Columns2 aria-hidden />
          {t('compare.wipe')}
        </button>
      </Hint>
      <Hint label={t('compare.hold')} shortcut={HOLD_COMPARE}>
        <button
          type="button"
          className="chip"
          aria-pressed={compare === 'source'}
          onPointerDown={hold}
          onPointerUp={release}
          onPointerLeave={() => compare === 'source' && release()}
          onKeyDown={(event) => {
            if (event.key === ' ' || event.key === 'Enter') {
              event.preventDefault()
              hold()
            }
          }}
          onKeyUp={release}
          onBlur={() => compare === 'source' && release()}
        >
          <Eye aria-hidden />
          {t('compare.source')}
        </button>
      </Hint>
      <Hint label={t('compare.showMask')}>
        <button
          type="button"
          className="chip"
          aria-pressed={showMask}
          onClick={() => runAction('showMask')}
        >
          <Paintbrush aria-hidden />
          {t('compare.mask')}
        </button>
      </Hint>
    </div>
  )
}
