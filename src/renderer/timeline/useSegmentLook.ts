import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { staleLayers } from '../../shared/document/stale.js'
import { jobShare, segmentName } from '../panels/jobText.js'
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
        return { name: '', told: '', state: 'draft', progress: 0, take: null }
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
      // Several edits of one clip are told apart by what they are about.
      const isAlone = segmentsOf(doc, segment.clipId).length === 1
      const name = isAlone
        ? t(`timeline.verb.${verbOf(segment)}`)
        : shortened(segmentName(doc, segment, t))
      const isStale = state === 'accepted' && stale.has(segmentId)
      const told = t(`timeline.state.${isStale ? 'stale' : state}`)
      return {
        name,
        told,
        state,
        progress: progress ?? 0,
        take: shown === undefined ? null : { path: shown.path, from: shown.from, to: shown.to },
      }
    },
    [doc, auditionTakeId, progressOf, stale, t],
  )
}

/** Letters of a name that leave what state it is in on the bar. */
const NAME_LETTERS = 36

function shortened(name: string): string {
  return name.length > NAME_LETTERS ? `${name.slice(0, NAME_LETTERS - 1).trimEnd()}…` : name
}
