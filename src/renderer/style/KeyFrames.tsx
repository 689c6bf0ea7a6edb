import { ImagePlus, LocateFixed, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { timecode } from '../../shared/rational.js'
import { KEY_LIMITS, KEY_PAINTERS, frameOfName, withPainted } from '../../shared/style.js'
import type { HandPaintedFrame, StyliseParams } from '../../shared/style.js'
import { bridge } from '../bridge/index.js'
import { fileName } from '../panels/jobText.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { sourceFrameIn } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { choosePicture } from '../state/importing.js'
import { useProject } from '../state/project.js'
import { showError, showNote } from '../state/toasts.js'
import { Button, IconButton } from '../ui/Button.js'
import { Segmented } from '../ui/Choice.js'
import { Slider } from '../ui/Slider.js'
import type { StyleFocus } from './StylePanel.js'

type Change = (changes: Partial<StyliseParams>, gesture?: string) => void

/** What paints key frames, how far apart they stand, and those that were painted by hand. */
export function KeyFrames({
  focus,
  onChange,
}: {
  readonly focus: StyleFocus
  readonly onChange: Change
}) {
  const { t } = useTranslation()
  const { keyBy, keyEvery } = focus.segment.params
  const { min, max } = KEY_LIMITS.every
  return (
    <>
      <Segmented
        label={t('style.keyBy')}
        value={keyBy}
        options={KEY_PAINTERS.map((value) => ({
          value,
          label: t(`style.keyPainter.${value}`),
          hint: t(`style.keyPainterHint.${value}`),
        }))}
        // What a hand painted is wanted whole.
        onChange={(next) => onChange({ keyBy: next, ...(next === 'hand' ? { strength: 1 } : {}) })}
      />
      {keyBy !== 'hand' && (
        <Slider
          label={t('style.keyEvery')}
          value={keyEvery}
          min={min}
          max={max}
          text={t('style.keyEveryText', { count: keyEvery })}
          onChange={(next, gesture) => onChange({ keyEvery: next }, gesture)}
        />
      )}
      <PaintedList focus={focus} onChange={onChange} />
    </>
  )
}

function PaintedList({
  focus,
  onChange,
}: {
  readonly focus: StyleFocus
  readonly onChange: Change
}) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const [busy, setBusy] = useState(false)
  if (doc === null) return null
  const { clip, asset, segment } = focus
  const { painted } = segment.params
  const at = (frame: number): number => timelineFrameOf(clip, asset, doc.meta.fps, frame)
  const textOf = (frame: number): string => timecode(at(frame), doc.meta.fps)
  const playhead = (): number => sourceFrameIn(doc, focus, useEditor.getState().playhead)

  const add = async (): Promise<void> => {
    // The frame in view when it was asked for, wherever the playhead is when the file has arrived.
    const here = playhead()
    const path = await choosePicture()
    if (path === null) return
    setBusy(true)
    try {
      const named = frameOfName(fileName(path))
      const frame = named !== null && named < asset.info.frames ? named : here
      const added = await bridge.call('style.addPainted', { assetId: asset.id, frame, path })
      onChange({ painted: withPainted(painted, added.painted) })
      if (added.scaledFrom === null) showNote('paintedAdded', { timecode: textOf(frame) })
      else showNote('paintedScaled', { ...added.scaledFrom, timecode: textOf(frame) })
    } finally {
      setBusy(false)
    }
  }
  const move = (one: HandPaintedFrame): void => {
    const others = painted.filter((other) => other !== one)
    onChange({ painted: withPainted(others, { ...one, frame: playhead() }) })
  }

  return (
    <div className="field" role="group" aria-label={t('style.painted')}>
      <span className="field-label">{t('style.painted')}</span>
      {painted.length === 0 ? (
        <p className="hint">{t('style.paintedHint')}</p>
      ) : (
        <ul className="painted-list">
          {painted.map((one) => {
            const text = textOf(one.frame)
            const used = one.frame >= segment.from && one.frame < segment.to
            return (
              <li key={one.frame} className={used ? 'painted-row' : 'painted-row painted-unused'}>
                <button
                  type="button"
                  className="painted-go"
                  aria-label={t('style.goToPainted', { timecode: text })}
                  onClick={() => transport.goTo(at(one.frame))}
                >
                  <img src={bridge.mediaUrl(one.path)} alt="" loading="lazy" />
                  <span>
                    <span className="mono">{text}</span>
                    {!used && <span className="faint">{t('style.paintedOutside')}</span>}
                  </span>
                </button>
                <IconButton label={t('style.movePainted')} onClick={() => move(one)}>
                  <LocateFixed />
                </IconButton>
                <IconButton
                  label={t('style.removePainted', { timecode: text })}
                  onClick={() => onChange({ painted: painted.filter((other) => other !== one) })}
                >
                  <Trash2 />
                </IconButton>
              </li>
            )
          })}
        </ul>
      )}
      <Button
        className="wide"
        icon={<ImagePlus aria-hidden />}
        disabled={busy || painted.length >= KEY_LIMITS.painted}
        onClick={() => void add().catch(showError)}
      >
        {busy ? t('style.addingPainted') : t('style.addPainted')}
      </Button>
    </div>
  )
}
