import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClipRec, ProjectDoc } from '../../shared/document/model.js'
import { lookOf, videoTracks } from '../../shared/document/overlays.js'
import { useFormat } from '../ui/format.js'

/** How a clip lies over what is below, in words: `Screen 80 %`; empty where it just covers that. */
export function useOverlayText(doc: ProjectDoc | null): (clip: ClipRec) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return useCallback(
    (clip) => {
      const lowest = doc === null ? undefined : videoTracks(doc)[0]
      if (clip.overlay === undefined || clip.trackId === lowest?.id) return ''
      const { blend, opacity } = lookOf(clip)
      const mode = blend === 'normal' ? '' : t(`overlay.mode.${blend}`)
      const share = opacity === 1 ? '' : format.percent(opacity)
      return [mode, share].filter((part) => part !== '').join(' ')
    },
    [doc, t, format],
  )
}
