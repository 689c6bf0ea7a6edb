import { ImageDown, ImagePlus, LocateFixed, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Input } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { timecode } from '../../shared/rational.js'
import {
  KEY_LIMITS,
  KEY_PAINTERS,
  frameOfName,
  nameOfFrame,
  withPainted,
} from '../../shared/style.js'
import type { HandPaintedFrame, StyliseParams } from '../../shared/style.js'
import { bridge } from '../bridge/index.js'
import { fileName } from '../panels/jobText.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { useApp } from '../state/app.js'
import { sourceFrameIn } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { choosePicture } from '../state/importing.js'
import { useProject } from '../state/project.js'
import { showError, showNote } from '../state/toasts.js'
import { Button, IconButton } from '../ui/Button.js'
import { Segmented } from '../ui/Choice.js'
import { ConfirmDialog } from '../ui/Dialog.js'
import { Slider } from '../ui/Slider.js'
import type { StyleFocus } from '../state/focus.js'

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
      <SaveFrame focus={focus} playhead={playhead} />
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

/** Writes the frame in view as a PNG to paint over; its name brings it back to its place. */
function SaveFrame({
  focus,
  playhead,
}: {
  readonly focus: StyleFocus
  /** Source frame of the clip in view. */
  readonly playhead: () => number
}) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [inTheWay, setInTheWay] = useState<SavedFrame | null>(null)

  const write = async (wanted: SavedFrame, overwrite: boolean): Promise<void> => {
    setBusy(true)
    try {
      const { path } = await bridge.call('clip.saveFrame', { ...wanted, overwrite })
      showNote('frameSaved', { path })
    } catch (thrown) {
      const isThere = thrown instanceof AppError && thrown.code === 'file-exists'
      if (isThere && !overwrite) setInTheWay(wanted)
      else showError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const save = async (): Promise<void> => {
    // The frame in view when it was asked for, wherever the playhead is when a name is chosen.
    const frame = playhead()
    const suggestedName = nameOfFrame(frame)
    const wanted = { clipId: focus.clip.id, frame }
    if (useApp.getState().info?.nativeDialogs !== true) {
      await write({ ...wanted, path: suggestedName }, false)
      return
    }
    const { path } = await bridge.call('host.pick', { what: 'exportFile', suggestedName })
    // The system's dialog has asked already whether it may be replaced.
    if (path !== null) await write({ ...wanted, path }, true)
  }

  return (
    <>
      <Button
        className="wide"
        icon={<ImageDown aria-hidden />}
        disabled={busy}
        onClick={() => void save().catch(showError)}
      >
        {busy ? t('style.savingFrame') : t('style.saveFrame')}
      </Button>
      {inTheWay !== null && (
        <ConfirmDialog
          title={t('export.existsTitle', { name: inTheWay.path })}
          body={t('export.existsBody')}
          confirm={t('export.replace')}
          cancel={t('export.keep')}
          onAnswer={(confirmed) => {
            setInTheWay(null)
            if (confirmed) void write(inTheWay, true)
          }}
        />
      )}
    </>
  )
}

type SavedFrame = Omit<Input<'clip.saveFrame'>, 'overwrite'>
