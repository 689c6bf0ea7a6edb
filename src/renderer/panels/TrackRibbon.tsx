import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DOUBTFUL_TRACK } from '../../shared/contract/track.js'
import { sourceRange } from '../state/editing.js'
import { useProject } from '../state/project.js'
import { FrameRibbon } from './FrameRibbon.js'
import type { RibbonBar } from './FrameRibbon.js'
import type { MaskFocus } from '../state/focus.js'

/** Every frame of the edit: how sure the track is of it, and where it was painted. */
export function TrackRibbon({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const { mask, segment } = focus
  const bars = useMemo(
    () =>
      Object.entries(mask.tracked ?? {}).map(([key, value]): RibbonBar => {
        const level = value < DOUBTFUL_TRACK ? 'low' : value < 0.9 ? 'mid' : 'high'
        return { frame: Number(key), value, level }
      }),
    [mask],
  )
  const painted = useMemo(
    () =>
      Object.keys(mask.keyframes)
        .filter((key) => mask.tracked?.[key] === undefined)
        .map(Number),
    [mask],
  )
  if (doc === null) return null
  return (
    <FrameRibbon
      focus={focus}
      range={segment ?? sourceRange(doc, focus)}
      bars={bars}
      diamonds={painted}
      label={t('track.ribbon')}
      textAt={(time, frame) => {
        const value = mask.tracked?.[String(frame)]
        return value === undefined
          ? t('track.ribbonPainted', { time })
          : t('track.ribbonAt', { time, value: Math.round(value * 100) })
      }}
    />
  )
}
