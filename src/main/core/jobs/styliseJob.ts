import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { StyliseTaskInput } from '../../../shared/contract/stylise.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  MaskRec,
  ProjectDoc,
  StyliseSegmentRec,
} from '../../../shared/document/model.js'
import { probe } from '../../ffmpeg/probe.js'
import type { StylePack } from '../packs/readPack.js'
import { verifyPack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import { makeTake } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { goesOnFrom, stoppedTake } from './stoppedTake.js'
import { inputsOf } from './takeInputs.js'
import { takesBelow } from './takesBelow.js'
import type { TakeInputs } from './unfinishedTake.js'

interface Target {
  readonly segment: StyliseSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec | null
}

/** Makes a take of a clip painted in the style of a picture. */
export function styliseJob(resources: JobResources): JobHandler<'stylise'> {
  const { session, packs } = resources
  const findPack = (): Promise<StylePack> => packs.findStyle({ capability: 'stylize' })

  async function inputsNow({ segment, asset, mask }: Target): Promise<TakeInputs> {
    const { params } = segment
    if (params.style === null) throw noStyle()
    const reference = await resources.digest(await resolveInside(session.folder, params.style.path))
    const digests = { reference, pack: (await findPack()).sha256 }
    const under = takesBelow(session.doc, segment, '')
    return inputsOf(resources, { segment, asset, mask }, { params, under, digests })
  }

  return {
    lane: 'engine',
    plan: [
      { phase: 'loading', weight: 1 },
      { phase: 'analysing', weight: 2 },
      { phase: 'painting', weight: 20 },
      { phase: 'preview', weight: 3 },
    ],

    ...stoppedTake(resources),

    async forecast({ segmentId }) {
      const { target, problems } = findTarget(session.doc, segmentId)
      await findPack().catch((error: unknown) => problems.push(toErrorData(error)))
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: 'stylise',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        // The network at its own size, and a few frames in flight as floats.
        memoryBytes: Math.round(400e6 + size * 120e6),
        // FFV1 of whole frames, once in parts and once joined, and the preview proxy.
        diskBytes: Math.round(size * frames * 4.6e6),
        problems,
        goesOn:
          target === null || problems.length > 0
            ? null
            : await goesOnFrom(resources, segmentId, () => inputsNow(target)),
      })
    },

    async run(context) {
      const { target, problems } = findTarget(session.doc, context.input.segmentId)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      const { from, to, params } = segment
      if (params.style === null) throw noStyle()
      const referencePath = await resolveInside(session.folder, params.style.path)
      const pack = await findPack()
      await verifyPack(pack, { signal: context.signal })
      return makeTake(resources, context, {
        ...{ segment, asset, inputs: await inputsNow(target) },
        async work(outputFolder, tools, onProgress) {
          const task: StyliseTaskInput = {
            source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
            range: { from, to },
            mask: mask === null ? null : { kind: 'keyframes', mask, root: session.folder },
            params,
            pack: await packs.source(pack),
            reference: { path: referencePath, info: await probe(tools, referencePath) },
            under: takesBelow(session.doc, segment, session.folder),
            ...{ outputFolder, ffmpegPath: tools.ffmpeg },
          }
          const { signal } = context
          const result = await resources.engine.run('stylise', task, { signal, onProgress })
          await packs.learn(pack, result.refused)
          const { manifest, sha256 } = pack
          return {
            pack: { id: manifest.id, version: manifest.version, sha256 },
            painted: result.painted,
            provider: result.provider,
            timings: { phases: result.phasesSeconds },
            peakMemoryBytes: result.peakMemoryBytes,
          }
        },
      })
    },
  }
}

/** What is painted, and every reason why it cannot be; the model pack is looked for elsewhere. */
function findTarget(
  doc: ProjectDoc,
  segmentId: string,
): { target: Target | null; problems: ErrorData[] } {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  if (segment?.verb !== 'stylise' || asset === null) {
    return { target: null, problems: [gone().toData()] }
  }
  const mask = recordOf(doc, 'mask', segment.maskId) ?? null
  const problems: ErrorData[] = []
  if (segment.params.style === null) problems.push(noStyle().toData())
  if (segment.params.strength === 0) {
    problems.push({
      code: 'edit-empty',
      message: 'At strength 0 the clip stays as it is.',
      hint: 'Move the strength above 0.',
    })
  }
  const painted =
    mask === null ||
    mask.inverted ||
    Object.values(mask.keyframes).some((shapes) => shapes.some((one) => !one.erase))
  if (!painted) {
    problems.push({
      code: 'mask-empty',
      message: 'The mask is empty: nothing would be painted.',
      hint: 'Paint over what should take the style, or stylise the whole frame.',
    })
  }
  return { target: { segment, asset, mask }, problems }
}

function noStyle(): AppError {
  return new AppError('reference-missing', 'No style picture is chosen.', {
    hint: 'Choose one of the pictures, or add your own.',
  })
}

function gone(): AppError {
  return new AppError('not-found', 'This edit is no longer in the project.', {
    hint: 'Undo the deletion, or start a new edit.',
  })
}
