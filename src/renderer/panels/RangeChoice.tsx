import { useTranslation } from 'react-i18next'
import type { SegmentRec } from '../../shared/document/model.js'
import { timecode } from '../../shared/rational.js'
import { sourcePart, sourceRange } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { Segmented } from '../ui/Choice.js'

/** Which frames an edit works on: all of the clip, or what lies between in and out. */
export function RangeChoice({
  focus,
  onChange,
}: {
  readonly focus: Focus & { readonly segment: SegmentRec }
  readonly onChange: (range: { readonly from: number; readonly to: number }) => void
}) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const range = useEditor((state) => state.range)
  const { segment, asset, clip } = focus
  // A still has one frame, and no part of it in time.
  if (doc === null || asset.info.kind === 'image') return null
  const whole = sourceRange(doc, focus)
  const part = range === null ? null : sourcePart(doc, focus, range)
  const isAt = (one: typeof whole | null): boolean =>
    one !== null && segment.from === one.from && segment.to === one.to
  const text = (source: number): string => timecode(source - clip.in, asset.info.fps)
  return (
    <>
      <Segmented
        label={t('remove.range')}
        // Neither where its ends were dragged elsewhere: then both are something to choose.
        value={isAt(whole) ? 'whole' : isAt(part) ? 'part' : null}
        options={[
          { value: 'whole', label: t('remove.wholeClip') },
          {
            value: 'part',
            label: t('remove.inOut'),
            disabled: part === null,
            hint:
              range === null
                ? t('remove.inOutHint')
                : part === null
                  ? t('remove.inOutOutside')
                  : t('remove.inOutUse'),
          },
        ]}
        onChange={(next) => {
          const changes = next === 'whole' ? whole : part
          if (changes) onChange(changes)
        }}
      />
      <p className="range-text">
        <span className="mono">
          {t('remove.rangeValue', { from: text(segment.from), to: text(segment.to) })}
        </span>
        <span className="faint">{t('common.frames', { count: segment.to - segment.from })}</span>
      </p>
    </>
  )
}
