import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { JobKinds } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import type { AssetRec, MaskRec, ProjectDoc } from '../../../shared/document/model.js'
import { keyframesOf } from '../../../shared/mask/index.js'
import { resolveInside } from '../project/folder.js'
import { coversNothing } from './coversNothing.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

/** The least coverage that tracking takes for the object. */
const SOLID = 128

type TrackInput = JobKinds['track']['input']

interface Target {
  readonly mask: MaskRec
  readonly asset: AssetRec
  readonly range: { readonly from: number; readonly to: number }
}

/** Follows a mask from one frame; what comes back enters the document as one undo step. */
export function trackJob(resources: JobResources): JobHandler<'track'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [
      { phase: 'analysing', weight: 1 },
      { phase: 'tracking', weight: 12 },
    ],

    async forecast(input) {
      const { target, problems } = await findTarget(session, input)
      const frames = target === null ? 0 : framesOf(input, target)
      return completeForecast(resources, {
        kind: 'track',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        memoryBytes: 300e6,
        diskBytes: 1e6,
        problems,
      })
    },

    async run({ jobId, input, signal, report }) {
      const started = performance.now()
      const { target, problems } = await findTarget(session, input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { mask, asset, range } = target
      const tools = await resources.tools()
      const folder = `cache/${jobId}`
      const outputFolder = join(session.folder, folder)
      await mkdir(outputFolder, { recursive: true })
      try {
        const result = await resources.engine.run(
          'track',
          {
            source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
            mask,
            root: session.folder,
            frame: input.frame,
            direction: input.direction,
            range,
            outputFolder,
            ffmpegPath: tools.ffmpeg,
          },
          {
            signal,
            onProgress: ({ phase, done, total, preview }) => {
              report({
                phase,
                done,
                total,
                ...(preview === undefined
                  ? {}
                  : { preview: { path: `${folder}/${preview.file}`, frame: preview.frame } }),
              })
            },
          },
        )
        signal.throwIfAborted()
        const { from, to, keyframes, confidence, stopped } = result
        resources.dispatch(
          [{ type: 'mask.track', id: mask.id, from, to, keyframes, confidence }],
          'record',
        )
        const seconds = (performance.now() - started) / 1000
        await resources.rates.learn('track', megapixelFrames(asset.info, to - from), seconds)
        return { from, to, stopped }
      } finally {
        await rm(outputFolder, { recursive: true, force: true })
      }
    },
  }
}

async function findTarget(
  { doc, folder }: { readonly doc: ProjectDoc; readonly folder: string },
  { maskId, frame, range }: TrackInput,
): Promise<{ target: Target | null; problems: ErrorData[] }> {
  const mask = recordOf(doc, 'mask', maskId)
  const asset = recordOf(doc, 'asset', mask?.assetId)
  if (mask === undefined || asset === undefined) {
    return { target: null, problems: [gone().toData()] }
  }
  const whole = { from: 0, to: asset.info.frames }
  const part = range ?? whole
  const problems: ErrorData[] = []
  // What is followed is what was painted, before it is grown or turned over.
  const plain = { ...mask, grow: 0, inverted: false }
  const here = { from: frame, to: frame + 1 }
  if (await coversNothing(folder, { mask: plain, asset }, here, SOLID)) {
    problems.push({
      code: 'mask-empty',
      message: 'The mask is empty on this frame: there is nothing to follow.',
      hint: 'Paint over the object on this frame, then track again.',
    })
  }
  if (frame < part.from || frame >= part.to || part.to > whole.to) {
    problems.push({
      code: 'invalid-request',
      message: 'This frame lies outside the frames that may be tracked.',
      hint: 'Move the playhead into the edit, or make the edit longer.',
    })
  }
  return { target: { mask, asset, range: part }, problems }
}

/** How many frames it will look at: up to the next painted ones, those twice. */
function framesOf({ frame, direction }: TrackInput, { mask, range }: Target): number {
  if (direction === 'next' || direction === 'previous') return 1
  const painted = keyframesOf(mask)
    .map((one) => one.frame)
    .filter((one) => mask.tracked?.[String(one)] === undefined)
  const next = painted.find((one) => one > frame && one < range.to)
  const previous = painted.findLast((one) => one < frame && one >= range.from)
  const ahead = next === undefined ? range.to - frame : 2 * (next - frame)
  const behind = previous === undefined ? frame - range.from : 2 * (frame - previous)
  return (direction === 'backward' ? 0 : ahead) + (direction === 'forward' ? 0 : behind)
}

function gone(): AppError {
  return new AppError('not-found', 'This mask is no longer in the project.', {
    hint: 'Undo the deletion, or paint a new mask.',
  })
}
