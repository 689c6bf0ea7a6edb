import { mkdir, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { UnderTake } from '../../../shared/contract/edit.js'
import type { AnimateTaskInput, EngineProgress } from '../../../shared/contract/engine.js'
import type { PackSource } from '../../../shared/contract/sources.js'
import type { AnimateInput } from '../../../shared/contract/job.js'
import { acceptedLayers } from '../../../shared/document/layers.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { AssetRec, Id, MaskRec, ProjectDoc } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import { toNumber } from '../../../shared/rational.js'
import type { Rational } from '../../../shared/rational.js'
import { verifyPack } from '../packs/readPack.js'
import type { Pack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import { coversNothing } from './coversNothing.js'
import { keepMade } from './keepMade.js'
import { paintStill } from './paintStill.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

/** Where no clip has set the timeline's rate yet. */
const FPS: Rational = { num: 24, den: 1 }

const NOTHING_MOVES: ErrorData = {
  code: 'mask-empty',
  message: 'The region is empty: nothing may move.',
  hint: 'Paint over what should move, or animate the whole picture.',
}

interface Target {
  readonly asset: AssetRec
  readonly mask: MaskRec | null
  /** Source frame that is shown where the clip begins, and the takes in use on it. */
  readonly frame: number
  readonly under: readonly UnderTake[]
}

export function animateJob(resources: JobResources): JobHandler<'animate'> {
  const { session, packs } = resources

  function find(input: AnimateInput): Target {
    const asset = recordOf(session.doc, 'asset', input.assetId)
    const mask = recordOf(session.doc, 'mask', input.maskId) ?? null
    if (asset === undefined || (input.maskId !== undefined && mask === null)) {
      throw new AppError('not-found', 'This picture or its mask is no longer in the project.', {
        hint: 'Undo the deletion, or choose another picture.',
      })
    }
    if (asset.info.kind !== 'image') {
      throw new AppError('media-unsupported', 'Only a still picture can be animated.', {
        hint: 'Choose a photograph or a drawing.',
      })
    }
    const clip = recordOf(session.doc, 'clip', input.clipId)
    const frame = clip?.assetId === asset.id ? clip.in : 0
    const under =
      clip?.assetId === asset.id ? takesOn(session.doc, clip.id, frame, session.folder) : []
    return { asset, mask, frame, under }
  }

  /** Null where a direction makes words needless. */
  async function packOf(input: AnimateInput): Promise<Pack | null> {
    if (input.direction !== undefined) return null
    if (input.prompt.trim() === '') {
      throw new AppError('prompt-empty', 'There is neither a direction nor a prompt.', {
        hint: 'Choose a direction, or describe how it should move.',
      })
    }
    const { packId } = input
    return packs.find({ capability: 'animate', ...(packId === undefined ? {} : { id: packId }) })
  }

  const rate = (): Rational =>
    recordsOf(session.doc, 'clip').length === 0 ? FPS : session.doc.meta.fps
  const framesOf = ({ seconds }: AnimateInput): number =>
    Math.max(2, Math.round(seconds * toNumber(rate())))

  return {
    lane: 'engine',
    plan: [
      { phase: 'loading', weight: 1 },
      { phase: 'analysing', weight: 1 },
      { phase: 'painting', weight: 1 },
      { phase: 'sampling', weight: 8 },
      { phase: 'encoding', weight: 12 },
      { phase: 'proxy', weight: 2 },
    ],

    async forecast(input) {
      const problems: ErrorData[] = []
      let size = 0
      try {
        const { asset, mask } = find(input)
        size = megapixels(asset.info)
        const still = { from: 0, to: 1 }
        if (mask !== null && (await coversNothing(session.folder, { mask, asset }, still, 1))) {
          problems.push(NOTHING_MOVES)
        }
        await packOf(input)
        if (input.style !== undefined) await packs.findStyle({ capability: 'stylize' })
      } catch (error) {
        problems.push(toErrorData(error))
      }
      return completeForecast(resources, {
        kind: 'animate',
        work: size * framesOf(input),
        // A style pack and the picture as floats, where it is painted first.
        memoryBytes: Math.round(250e6 + size * (input.style === undefined ? 30e6 : 150e6)),
        // Lossless where it moves, nothing elsewhere; and the proxy.
        diskBytes: Math.round(size * framesOf(input) * 1.5e6),
        problems,
      })
    },

    async run({ input, signal, finish, report }) {
      const started = performance.now()
      const { asset, mask, frame, under } = find(input)
      const pack = await packOf(input)
      if (pack !== null) await verifyPack(pack, { signal })
      const tools = await resources.tools()
      // Named like an asset's cache, so that opening the project clears what a crash left.
      const workPath = `cache/${newId('asset')}`
      const work = join(session.folder, workPath)
      await mkdir(work, { recursive: true })
      const onProgress = ({ phase, done, total, preview }: EngineProgress): void => {
        const picture = preview && { ...preview, path: `${workPath}/${preview.file}` }
        report({ phase, done, total, ...(picture === undefined ? {} : { preview: picture }) })
      }
      try {
        const { style } = input
        const painted =
          style === undefined
            ? null
            : await paintStill(
                resources,
                style,
                { asset, frame, under, folder: join(work, 'painted') },
                { signal, onProgress: ({ preview: _, ...progress }) => onProgress(progress) },
              )
        const task: AnimateTaskInput = {
          source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
          ...{ frame, under: painted === null ? under : [...under, painted.take] },
          region: mask === null ? null : { kind: 'keyframes', mask, root: session.folder },
          motion: motionOf(input, pack === null ? null : await packs.source(pack)),
          strength: input.strength,
          frames: framesOf(input),
          fps: rate(),
          outputFolder: work,
          ffmpegPath: tools.ffmpeg,
        }
        const result = await resources.engine.run('animate', task, {
          ...{ signal, finish, onProgress },
        })
        if (pack !== null) await packs.learn(pack, result.refused)
        const identity =
          pack === null
            ? null
            : { id: pack.manifest.id, version: pack.manifest.version, sha256: pack.sha256 }
        const { prompt, seed, place } = input
        const kept = await keepMade(
          resources,
          {
            path: join(work, 'clip.mkv'),
            name: basename(asset.name, extname(asset.name)),
            extension: '.mkv',
            recipe: {
              version: 1,
              task: 'animate',
              app: resources.appVersion,
              createdAt: new Date().toISOString(),
              source: { name: asset.name, path: asset.path },
              ...{ input, mask, pack: identity },
              ...(under.length === 0 ? {} : { under: under.map(({ from, to }) => ({ from, to })) }),
              ...(painted === null
                ? {}
                : { style: { pack: painted.pack, reference: painted.reference } }),
              ...{ frames: task.frames, fps: task.fps },
              result: { provider: result.provider },
              timings: { phases: result.phasesSeconds },
            },
            by: { task: 'animate', prompt, seed, pack: identity ?? painted?.pack ?? null },
            place,
          },
          { signal, report },
        )
        if (pack === null && painted === null) {
          const seconds = (performance.now() - started) / 1000
          await resources.rates.learn('animate', megapixels(asset.info) * task.frames, seconds)
        }
        return kept
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    },
  }
}

/** Takes in use on one frame of a clip, from the lowest to the highest. */
function takesOn(doc: ProjectDoc, clipId: Id, frame: number, folder: string): UnderTake[] {
  return acceptedLayers(doc, clipId)
    .filter(({ from, to }) => from <= frame && to > frame)
    .map(({ take, from, to }) => ({
      path: join(folder, take.path, TAKE_FILES.video),
      ...{ first: take.from, from, to },
    }))
}

function motionOf(input: AnimateInput, pack: PackSource | null): AnimateTaskInput['motion'] {
  if (pack === null) return { kind: 'direction', degrees: input.direction ?? 0 }
  const { steps, guidanceScale, solver } = pack.manifest.scheduler
  return {
    kind: 'words',
    pack,
    prompt: input.prompt,
    sampling: { seed: input.seed, steps, guidance: guidanceScale, solver },
  }
}
