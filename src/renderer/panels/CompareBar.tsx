import { Columns2, Eye, Paintbrush, SquareSplitHorizontal, X } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { recordOf } from '../../shared/document/model.js'
import type { SegmentRec } from '../../shared/document/model.js'
import { endPair, usePair } from '../compare/comparing.js'
import { HOLD_COMPARE } from '../keymap.js'
import { clipAt } from '../player/timelineMap.js'
import { runAction } from '../state/actions.js'
import { takesOf } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useFocus } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { Hint } from '../ui/Button.js'
import { Select } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { takeName } from './takeName.js'

/** Stands for the source among the sides. */
const SOURCE = 'source'

/** Above the viewer: what is on screen, before and after, mask on or off. */
export function CompareBar() {
  const { t } = useTranslation()
  const format = useFormat()
  const focus = useFocus()
  const doc = useProject((state) => state.doc)
  const pair = usePair()
  // A text: most frames change nothing here.
  const shownName = useEditor(({ playhead }) => {
    const clip = doc === null ? null : clipAt(doc, playhead)
    return doc === null ? undefined : recordOf(doc, 'asset', clip?.assetId)?.name
  })
  const compare = useEditor((state) => state.compare)
  const wipe = useEditor((state) => state.wipe)
  const set = useEditor((state) => state.set)
  return (
    <div className="compare-bar" role="group" aria-label={t('compare.title')}>
      <span className="compare-name">{pair === null ? shownName : t('pair.title')}</span>
      {pair === null && (compare === 'wipe' || compare === 'side') && focus?.segment && (
        <Sides segment={focus.segment} />
      )}
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
      <Ways two={pair !== null} />
      {pair !== null && (
        <Hint label={t('pair.end')} shortcut="Escape">
          <button type="button" className="chip" onClick={endPair}>
            <X aria-hidden />
            {t('pair.done')}
          </button>
        </Hint>
      )}
    </div>
  )
}

/** The ways to compare: apart from what changes with every step of a slider. */
const Ways = memo(function Ways({
  two,
}: {
  /** Two clips, neither of which is a source. */ readonly two: boolean
}) {
  const { t } = useTranslation()
  const compare = useEditor((state) => state.compare)
  const showMask = useEditor((state) => state.showMask)
  const set = useEditor((state) => state.set)
  const hold = (): void => set({ compare: 'source' })
  const release = (): void => set({ compare: 'off' })
  return (
    <>
      <Hint label={t('compare.wipe')} shortcut="Shift+W">
        <button
          type="button"
          className="chip"
          aria-pressed={compare === 'wipe'}
          onClick={() => runAction('wipe')}
        >
          <SquareSplitHorizontal aria-hidden />
          {t('compare.wipe')}
        </button>
      </Hint>
      <Hint label={t('compare.side')} shortcut="Alt+W">
        <button
          type="button"
          className="chip"
          aria-pressed={compare === 'side'}
          onClick={() => runAction('side')}
        >
          <Columns2 aria-hidden />
          {t('compare.side')}
        </button>
      </Hint>
      <Hint label={two ? t('pair.hold') : t('compare.hold')} shortcut={HOLD_COMPARE}>
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
          {two ? t('pair.left') : t('compare.source')}
        </button>
      </Hint>
      {!two && (
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
      )}
    </>
  )
})

/** What lies on either side, where there are takes to choose from. */
function Sides({ segment }: { readonly segment: SegmentRec }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const against = useEditor((state) => state.against)
  const auditionTakeId = useEditor((state) => state.auditionTakeId)
  const set = useEditor((state) => state.set)
  const takes = doc === null ? [] : takesOf(doc, segment.id)
  const shown = takes.find(({ id }) => id === (auditionTakeId ?? segment.acceptedTakeId))
  const others = takes.filter(({ id }) => id !== shown?.id)
  if (shown === undefined || others.length === 0) return null
  const left = others.find(({ id }) => id === against)
  return (
    <div className="compare-sides">
      <Select
        label={t('compare.left')}
        hideLabel
        value={left?.id ?? SOURCE}
        options={[
          { value: SOURCE, label: t('takes.source') },
          ...others.map((one) => ({ value: one.id, label: takeName(one, t) })),
        ]}
        onChange={(id) => set({ against: id === SOURCE ? null : id })}
      />
      <span className="compare-right">{takeName(shown, t)}</span>
    </div>
  )
}
