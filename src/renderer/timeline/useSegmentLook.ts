import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { staleLayers } from '../../shared/document/stale.js'
import { jobShare } from '../panels/jobText.js'
import { verbOf } from '../panels/verbs.js'
import { segmentsOf, takesOf } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { isLive, makesTake, useJobs } from '../state/jobs.js'
import type { SegmentLook } from './scene.js'

/** What the timeline says of an AI edit: verb, state, progress, and which take's confidence it shows. */
export function useSegmentLook(doc: ProjectDoc | null): (segmentId: Id) => SegmentLook {
  const { t } = useTranslation()
  const jobs = useJobs((state) => state.jobs)
  const auditionTakeId = useEditor((state) => state.auditionTakeId)

  const progressOf = useMemo(() => {
    const shares = new Map<Id, number>()
    for (const job of jobs) {
      if (!makesTake(job) || !isLive(job)) continue
      shares.set(job.input.segmentId, jobShare(job) ?? 0)
    }
    return shares
  }, [jobs])

  const stale = useMemo(() => {
    if (doc === null) return new Set<Id>()
    const layers = recordsOf(doc, 'clip').flatMap(({ id }) => staleLayers(doc, id))
    return new Set(layers.map(({ segment }) => segment.id))
  }, [doc])

  return useCallback(
    (segmentId) => {
      const segment = doc === null ? undefined : recordOf(doc, 'segment', segmentId)
      if (doc === null || segment === undefined) {
        return { label: '', state: 'draft', progress: 0, take: null }
      }
      const takes = takesOf(doc, segmentId)
      const shown =
        takes.find(({ id }) => id === auditionTakeId) ??
        takes.find(({ id }) => id === segment.acceptedTakeId) ??
        takes.at(-1)
      const progress = progressOf.get(segmentId)
      const state =
        progress !== undefined
          ? 'running'
          : segment.acceptedTakeId !== null
            ? 'accepted'
            : takes.length > 0
              ? 'ready'
              : 'draft'
      const verb = t(`timeline.verb.${verbOf(segment)}`)
      // Several edits of one clip are told apart by what they are painted on.
      const among = segmentsOf(doc, segment.clipId).length
      const mask = recordOf(doc, 'mask', segment.maskId)
      const isStale = state === 'accepted' && stale.has(segmentId)
      const told = t(`timeline.state.${isStale ? 'stale' : state}`)
      return {
        label: [verb, ...(among > 1 && mask ? [mask.name] : []), told].join(' · '),
        state,
        progress: progress ?? 0,
        take: shown === undefined ? null : { path: shown.path, from: shown.from, to: shown.to },
      }
    },
    [doc, auditionTakeId, progressOf, stale, t],
  )
}
