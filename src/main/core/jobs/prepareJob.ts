import { stackOf } from '../../../shared/document/layers.js'
import type { Stack } from '../../../shared/document/layers.js'
import { recordOf } from '../../../shared/document/model.js'
import type { AssetRec, ProjectDoc, TakeRec } from '../../../shared/document/model.js'
import { AppError } from '../../../shared/contract/errors.js'
import { prepareAsset, preparePreview, prepareStack } from '../media/prepare.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

export function prepareJob(resources: JobResources): JobHandler<'prepare'> {
  const { session } = resources
  return {
    lane: 'preview',
    plan: [
      { phase: 'proxy', weight: 8 },
      { phase: 'thumbnails', weight: 1 },
      { phase: 'waveform', weight: 0.5 },
      { phase: 'preview', weight: 8 },
    ],

    async forecast({ recordId }) {
      const target = find(session.doc, recordId)
      const range = target?.take ?? target?.stack ?? { from: 0, to: target?.asset.info.frames ?? 0 }
      return completeForecast(resources, {
        kind: 'prepare',
        work: target === null ? 0 : megapixelFrames(target.asset.info, range.to - range.from),
        memoryBytes: 200e6,
        diskBytes: target?.asset.bytes ?? 0,
        problems: target === null ? [gone().toData()] : [],
      })
    },

    async run({ input, signal, report }) {
      const target = find(session.doc, input.recordId)
      // Removed while this waited: should it come back, it is asked for again.
      if (target === null) return {}
      const common = {
        tools: await resources.tools(),
        projectFolder: session.folder,
        asset: target.asset,
        onProgress: report,
        signal,
      }
      if (target.take !== undefined) await preparePreview({ ...common, take: target.take })
      else if (target.stack !== undefined) await prepareStack({ ...common, stack: target.stack })
      else await prepareAsset(common)
      return {}
    },
  }
}

function gone(): AppError {
  return new AppError('not-found', 'This clip or take is no longer in the project.')
}

interface Target {
  readonly asset: AssetRec
  readonly take?: TakeRec
  readonly stack?: Stack
}

/** The asset of whatever has a cache, with the take or the stack of takes when the id names one. */
function find(doc: ProjectDoc, id: string): Target | null {
  const asset = recordOf(doc, 'asset', id)
  if (asset !== undefined) return { asset }
  const take = recordOf(doc, 'take', id)
  const stack = take === undefined ? stackOf(doc, id) : undefined
  const segmentId = take?.segmentId ?? stack?.layers[0]?.segment.id
  const source = segmentId === undefined ? null : assetOfSegment(doc, segmentId)
  if (source === null) return null
  if (take !== undefined) return { asset: source, take }
  return stack === undefined ? null : { asset: source, stack }
}

/** The source of a segment: its clip's asset. */
export function assetOfSegment(doc: ProjectDoc, segmentId: string): AssetRec | null {
  const segment = recordOf(doc, 'segment', segmentId)
  const clip = recordOf(doc, 'clip', segment?.clipId)
  return recordOf(doc, 'asset', clip?.assetId) ?? null
}
