import { mkdir, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { AnimateTaskInput, PackSource } from '../../../shared/contract/engine.js'
import type { AnimateInput } from '../../../shared/contract/job.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { AssetRec, MaskRec } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { toNumber } from '../../../shared/rational.js'
import type { Rational } from '../../../shared/rational.js'
import { verifyPack } from '../packs/readPack.js'
import type { Pack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import { keepMade } from './keepMade.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

/** Where no clip has set the timeline's rate yet. */
const FPS: Rational = { num: 24, den: 1 }

interface Target {
  readonly asset: AssetRec
  readonly mask: MaskRec | null
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
    return { asset, mask }
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
      { phase: 'sampling', weight: 8 },
      { phase: 'encoding', weight: 12 },
      { phase: 'proxy', weight: 2 },
    ],

    async forecast(input) {
      const problems: ErrorData[] = []
      let size = 0
      try {
        size = megapixels(find(input).asset.info)
        await packOf(input)
      } catch (error) {
        problems.push(toErrorData(error))
      }
      return completeForecast(resources, {
        kind: 'animate',
        work: size * framesOf(input),
        memoryBytes: Math.round(250e6 + size * 30e6),
        // Lossless where it moves, nothing elsewhere; and the proxy.
        diskBytes: Math.round(size * framesOf(input) * 1.5e6),
        problems,
      })
    },

    async run({ input, signal, finish, report }) {
      const started = performance.now()
      const { asset, mask } = find(input)
      const pack = await packOf(input)
      if (pack !== null) await verifyPack(pack, { signal })
      const tools = await resources.tools()
      // Named like an asset's cache, so that opening the project clears what a crash left.
      const workPath = `cache/${newId('asset')}`
      const work = join(session.folder, workPath)
      await mkdir(work, { recursive: true })
      try {
        const task: AnimateTaskInput = {
          source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
          region: mask === null ? null : { kind: 'keyframes', mask, root: session.folder },
          motion: motionOf(input, pack === null ? null : await packs.source(pack)),
          strength: input.strength,
          frames: framesOf(input),
          fps: rate(),
          outputFolder: work,
          ffmpegPath: tools.ffmpeg,
        }
        const result = await resources.engine.run('animate', task, {
          ...{ signal, finish },
          onProgress: ({ phase, done, total, preview }) => {
            report({
              ...{ phase, done, total },
              ...(preview === undefined
                ? {}
                : { preview: { ...preview, path: `${workPath}/${preview.file}` } }),
            })
          },
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
              ...{ frames: task.frames, fps: task.fps },
              result: { provider: result.provider },
              timings: { phases: result.phasesSeconds },
            },
            by: { task: 'animate', prompt, seed, pack: identity },
            place,
          },
          { signal, report },
        )
        if (pack === null) {
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
