import type { TFunction } from 'i18next'
import type { Job } from '../../shared/contract/job.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc, SegmentRec } from '../../shared/document/model.js'
import { shippedStyle } from '../../shared/style.js'
import { isKind, makesTake } from '../state/jobs.js'
import { takeName } from './takeName.js'
import { verbOf } from './verbs.js'

/** The last part of a path, of either kind of slash. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

/** How far a job is, 0..1; null where that cannot be known. What waits has done nothing. */
export function jobShare(job: Job): number | null {
  if (job.status === 'queued') return 0
  const { done, total, share } = job.progress
  // Beside the time left, the bar of one phase of several would be full long before the end.
  if (share !== undefined) return share
  return total === null || total === 0 ? null : done / total
}

/** What a job is about: `Remove · Mask 1`, `Export · film.mp4`. */
export function jobTitle(job: Job, doc: ProjectDoc | null, t: TFunction): string {
  const kind = t(`jobs.kind.${job.kind}`)
  const subject = jobSubject(job, doc, t)
  return subject === null ? kind : `${kind} · ${subject}`
}

function jobSubject(job: Job, doc: ProjectDoc | null, t: TFunction): string | null {
  if (isKind(job, 'import')) return job.input.name ?? fileName(job.input.path)
  if (isKind(job, 'export')) return fileName(job.input.path)
  if (isKind(job, 'generate')) return job.input.prompt
  if (doc === null) return null
  if (makesTake(job)) {
    const segment = recordOf(doc, 'segment', job.input.segmentId)
    return segment === undefined ? null : subjectOf(doc, segment, t)
  }
  if (isKind(job, 'retime')) {
    const clip = recordOf(doc, 'clip', job.input.clipId)
    return recordOf(doc, 'asset', clip?.assetId)?.name ?? null
  }
  if (isKind(job, 'animate')) return recordOf(doc, 'asset', job.input.assetId)?.name ?? null
  if (isKind(job, 'prepare')) {
    const { recordId } = job.input
    const take = recordOf(doc, 'take', recordId)
    return recordOf(doc, 'asset', recordId)?.name ?? (take === undefined ? null : takeName(take, t))
  }
  return null
}

/** What an edit is called among others: `Edit · warmer`, `Remove · Mask 1`. */
export function segmentName(doc: ProjectDoc, segment: SegmentRec, t: TFunction): string {
  const subject = subjectOf(doc, segment, t)
  return t(`timeline.verb.${verbOf(segment)}`) + (subject === null ? '' : ` · ${subject}`)
}

/** What an edit is about: its words or its picture, else what it is painted on. */
export function subjectOf(doc: ProjectDoc, segment: SegmentRec, t: TFunction): string | null {
  if (segment.verb === 'stylise' && segment.params.style !== null) {
    const shipped = shippedStyle(segment.params.style)
    return shipped === null ? segment.params.style.name : t(`style.shipped.${shipped}`)
  }
  if ('prompt' in segment.params && segment.params.prompt !== '') return segment.params.prompt
  return recordOf(doc, 'mask', segment.maskId)?.name ?? null
}
