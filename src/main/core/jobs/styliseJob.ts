import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { StyliseSegmentRec } from '../../../shared/document/model.js'
import { needsNetwork, needsPicture, paintedIn } from '../../../shared/style.js'
import type { HandPaintedFrame } from '../../../shared/style.js'
import { probe } from '../../ffmpeg/probe.js'
import type { StylePack } from '../packs/readPack.js'
import { verifyPack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import { lookJob } from './lookJob.js'
import type { JobHandler } from './queue.js'
import type { JobResources } from './resources.js'

/** Makes a take of a clip painted in the style of a picture, or by key frames. */
export function styliseJob(resources: JobResources): JobHandler<'stylise'> {
  const { session, packs } = resources
  const findPack = (): Promise<StylePack> => packs.findStyle({ capability: 'stylize' })
  const packOf = ({ params }: StyliseSegmentRec): Promise<StylePack | null> =>
    needsNetwork(params) ? findPack() : Promise.resolve(null)

  /** Path of the reference; null where nothing is painted by one. */
  async function referenceOf({ params }: StyliseSegmentRec): Promise<string | null> {
    if (!needsPicture(params)) return null
    if (params.style === null) throw AppError.from(NO_STYLE)
    return resolveInside(session.folder, params.style.path)
  }

  return lookJob<StyliseSegmentRec>(resources, {
    verb: 'stylise',
    plan: [
      { phase: 'loading', weight: 1 },
      { phase: 'analysing', weight: 2 },
      { phase: 'painting', weight: 20 },
      { phase: 'preview', weight: 3 },
    ],
    emptyMask: {
      message: 'The mask is empty: nothing would be painted.',
      hint: 'Paint over what should take the style, or stylise the whole frame.',
    },
    // The network at its own size, a few frames in flight as floats, and the motion of those that
    // wait for a key frame.
    memoryBytes: (size, segment) =>
      400e6 + size * 120e6 + (segment?.params.mode === 'keyframe' ? 180e6 : 0),
    diskBytesPerMegapixel: 4.6e6,

    async problems(segment) {
      const problems = problemsOf(segment)
      await packOf(segment).catch((error: unknown) => problems.push(toErrorData(error)))
      return problems
    },

    async digests(segment) {
      const [reference, pack] = [await referenceOf(segment), await packOf(segment)]
      const painted = await Promise.all(
        handPainted(segment).map(async ({ frame, path }): Promise<[string, string]> => [
          `painted ${frame}`,
          await resources.digest(await resolveInside(session.folder, path)),
        ]),
      )
      return {
        ...(reference === null ? {} : { reference: await resources.digest(reference) }),
        ...(pack === null ? {} : { pack: pack.sha256 }),
        ...Object.fromEntries(painted),
      }
    },

    async run({ segment }, task, options) {
      const { signal } = options
      const [path, pack] = [await referenceOf(segment), await packOf(segment)]
      if (pack !== null) await verifyPack(pack, { signal })
      const tools = await resources.tools()
      const painted = handPainted(segment).map(async (one) => ({
        ...one,
        path: await resolveInside(session.folder, one.path),
      }))
      const result = await resources.engine.run(
        'stylise',
        {
          ...task,
          params: segment.params,
          pack: pack === null ? null : await packs.source(pack),
          reference: path === null ? null : { path, info: await probe(tools, path) },
          painted: await Promise.all(painted),
        },
        options,
      )
      if (pack !== null) await packs.learn(pack, result.refused)
      return {
        pack:
          pack === null
            ? null
            : { id: pack.manifest.id, version: pack.manifest.version, sha256: pack.sha256 },
        ...{ painted: result.painted, provider: result.provider },
        timings: { phases: result.phasesSeconds },
        peakMemoryBytes: result.peakMemoryBytes,
      }
    },
  })
}

/** The painted frames that count. */
function handPainted(segment: StyliseSegmentRec): readonly HandPaintedFrame[] {
  const { mode, painted } = segment.params
  return mode === 'keyframe' ? paintedIn(painted, segment) : []
}

const NO_STYLE: ErrorData = {
  code: 'reference-missing',
  message: 'No style picture is chosen.',
  hint: 'Choose one of the pictures, or add your own.',
}

/** Every reason in the settings themselves; the model pack is looked for elsewhere. */
function problemsOf(segment: StyliseSegmentRec): ErrorData[] {
  const { params } = segment
  const problems: ErrorData[] = []
  if (needsPicture(params) && params.style === null) problems.push(NO_STYLE)
  if (!needsPicture(params) && handPainted(segment).length === 0) {
    problems.push({
      code: 'painted-missing',
      message: 'None of the frames in the range has been painted.',
      hint: 'Add a painted frame, or have the others painted by the picture.',
    })
  }
  if (params.strength === 0) {
    problems.push({
      code: 'edit-empty',
      message: 'At strength 0 the clip stays as it is.',
      hint: 'Move the strength above 0.',
    })
  }
  return problems
}
