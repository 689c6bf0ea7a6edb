import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { AssetRec, Id, SegmentRec } from '../../../shared/document/model.js'
import type { EditOperation } from '../../../shared/edit/operations.js'
import type { TrackTaskResult } from '../../../shared/contract/track.js'
import type { RetimeOperation, RetimeParams } from '../../../shared/retime/operations.js'
import { newId } from '../../../shared/ids.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import type { Client } from './client.js'
import { outPath } from './out.js'
import { addMask, maskFiles, placeMasks } from './masks.js'
import type { MaskPictures } from './masks.js'
import { accept, importedAsset } from './remove.js'
import { openWork, saysWhereItGoesOn, saysWhereItStopped } from './resuming.js'
import type { Resuming } from './resuming.js'
import type { CommandContext } from './session.js'
import type { WorkFolder } from './workFolder.js'

/** What is edited, where, and where to. */
export interface EditTarget {
  readonly clip: string
  /** `24-96` in frames, the second one excluded, or `1s-4s`; the whole clip when absent. */
  readonly range: string | undefined
  /** A PNG, or a folder with one PNG per frame; white = edit. Absent edits the whole frame. */
  readonly mask: string | undefined
  /** Frame of the clip that a single PNG belongs to; the first of the range when absent. */
  readonly maskFrame?: number
  /** Lets a single PNG follow what it covers through the range. */
  readonly track?: boolean
  readonly out: string
  readonly preset: ExportPreset
  readonly overwrite: boolean
  readonly feather: number
  /** What is made of it can be gone on with after a stop. */
  readonly canResume?: boolean
  /** Keeps the work beside the result until it is done. */
  readonly resuming?: Resuming
}

/** The imported clip, with the mask and the frames of the edit. */
export interface EditPlace {
  readonly asset: AssetRec
  readonly maskId: Id | null
  readonly range: { readonly from: number; readonly to: number }
}

/** What a command wrote, with the take that it made on the way. */
export interface Applied {
  readonly path: string
  readonly preset: ExportPreset
  readonly frames: number
  readonly bytes: number
  readonly recipe: unknown
  /** Why a mask that was followed went no further, each way. */
  readonly tracked?: TrackTaskResult['stopped']
}

/**
 * Edits a clip in a project folder of its own that is deleted afterwards.
 *
 * @param edit.operations are asked for once it is known what they apply to; none needs no edit
 * @param edit.retime is asked for then too, and runs on the edited clip
 * @returns what was written
 */
export async function applyEdit(
  context: CommandContext,
  target: EditTarget,
  edit: {
    readonly prompt: string
    readonly seed: number
    readonly operations: (place: EditPlace) => Promise<readonly EditOperation[]>
    readonly retime?: (place: EditPlace) => readonly RetimeOperation[]
  },
): Promise<Omit<Applied, 'recipe'>> {
  const { recipe, ...written } = await applyVerb(context, target, {
    kind: 'edit',
    async segment(place) {
      const operations = await edit.operations(place)
      if (operations.length === 0) return null
      const { prompt, seed } = edit
      const params = { prompt, operations, feather: target.feather, seed }
      return { verb: 'edit', maskId: place.maskId, params }
    },
    ...(edit.retime === undefined ? {} : { retime: edit.retime }),
  })
  return written
}

type OwnFields<T> = T extends SegmentRec ? Pick<T, 'verb' | 'maskId' | 'params'> : never

interface Verb {
  readonly kind: 'edit' | 'stylise' | 'replace' | 'regenerate'
  /** Asked for once it is known what it applies to; null needs no take. */
  readonly segment: (place: EditPlace) => Promise<OwnFields<SegmentRec> | null>
  /** Changes of speed, which see the take in use. */
  readonly retime?: (place: EditPlace) => readonly RetimeOperation[]
  readonly input?: { readonly packId?: string }
}

/** Where the work on a clip stands. */
interface Begun {
  readonly clipId: Id
  readonly place: EditPlace
  /** Null where it is not made yet. */
  readonly segmentId: Id | null
  readonly tracked?: TrackTaskResult['stopped']
}

/**
 * Runs one verb over a clip in a project folder of its own that is deleted afterwards: imports,
 * makes a take, uses it, exports. Where the target asks for it, that folder lies beside the result
 * and outlives a stop: the same command goes on there.
 */
export async function applyVerb(
  context: CommandContext,
  target: Omit<EditTarget, 'feather'>,
  verb: Verb,
): Promise<Applied> {
  const { client, report } = context
  const { preset, overwrite, resuming } = target
  const { kind } = verb
  const path = await outPath(report, target.out, overwrite)
  const masks = target.mask === undefined ? null : await maskFiles(resolve(target.mask))
  if (target.track === true && typeof masks !== 'string') {
    throw new AppError('mask-invalid', '--track follows one mask from the frame it belongs to.', {
      hint: 'Give --mask one PNG, and --mask-frame where it is not of the first frame.',
    })
  }
  const work = await openWork(context, kind, path, withMasks(resuming, masks))
  let isDone = false
  try {
    const begun =
      (await beginAgain(client, work, target)) ?? (await begin(context, work, kind, target, masks))
    const { clipId, place, tracked } = begun
    const made = (await isRetimed(client)) ? null : await takeOf(context, begun, verb)
    const recipe = made === null ? null : await recipeOf(client, work.project, made)
    const operations = verb.retime?.(place) ?? []
    if (operations.length > 0 && !(await isRetimed(client))) {
      const params = { operations, smoothness: 'interpolate', keepPitch: true } as const
      const input = { clipId, ...place.range, params }
      await saysWhereItGoesOn(client, report, { kind: 'retime', input })
      await runRetime(client, clipId, { ...place.range, params })
    }
    const { frames, bytes } = await client.runJob('export', { preset, path, overwrite })
    isDone = true
    return { path, preset, frames, bytes, recipe, ...(tracked === undefined ? {} : { tracked }) }
  } finally {
    const keep = !isDone && (await isWorthKeeping(context, target))
    await client.call('project.close', {})
    await work.close(keep)
  }
}

function withMasks(
  resuming: Resuming | undefined,
  masks: MaskPictures | null,
): Resuming | undefined {
  if (resuming === undefined || masks === null) return resuming
  return {
    ...resuming,
    files: [...resuming.files, ...(typeof masks === 'string' ? [masks] : masks)],
  }
}

/** True where the same command run again has something to go on from. */
async function isWorthKeeping(
  { client, report }: CommandContext,
  { resuming, canResume }: Pick<EditTarget, 'resuming' | 'canResume'>,
): Promise<boolean> {
  if (canResume !== true) return false
  const state = await client.call('project.state', {})
  if (state === null) return false
  const isKept = resuming !== undefined
  if (recordsOf(state.doc, 'take').length > 0 || (await isRetimed(client))) return isKept
  return (await saysWhereItStopped(client, report, isKept ? undefined : '--resume')) && isKept
}

/** What an earlier run has begun; null where there is nothing to go on from. */
async function beginAgain(
  client: Client,
  work: WorkFolder,
  target: Pick<EditTarget, 'range' | 'mask'>,
): Promise<Begun | null> {
  if (!work.isBegun) return null
  const { doc } = await client.call('project.open', { folder: work.project })
  const [segment] = recordsOf(doc, 'segment')
  const asset = recordsOf(doc, 'asset').find(({ made }) => made === undefined)
  const clip = recordsOf(doc, 'clip').find(
    ({ trackId }) => recordOf(doc, 'track', trackId)?.kind === 'video',
  )
  if (asset !== undefined && clip !== undefined) {
    const { from, to } = segment ?? rangeOf(target.range, asset)
    const maskId = segment?.maskId ?? null
    const begun = { clipId: clip.id, place: { asset, maskId, range: { from, to } } }
    if (segment !== undefined) return { ...begun, segmentId: segment.id }
    // Whether a mask was complete when the run ended is not known.
    if (target.mask === undefined || (await isRetimed(client))) {
      return { ...begun, segmentId: null }
    }
  }
  await client.call('project.close', {})
  await rm(work.project, { recursive: true, force: true })
  return null
}

async function begin(
  { client, report }: CommandContext,
  work: WorkFolder,
  name: string,
  target: Omit<EditTarget, 'feather'>,
  masks: MaskPictures | null,
): Promise<Begun> {
  await client.call('project.create', { folder: work.project, name })
  const imported = await client.runJob('import', { path: resolve(target.clip), place: true })
  const asset = await importedAsset(client, imported.assetId)
  const { clipId } = imported
  if (clipId === null) throw new AppError('internal', 'The clip was not placed on the timeline.')
  const range = rangeOf(target.range, asset)
  const maskFrame = target.maskFrame ?? range.from
  const between = target.track === true ? 'interpolate' : 'hold'
  const maskId =
    masks === null
      ? null
      : await addMask({ client, report }, asset.id, placeMasks(masks, asset, maskFrame), between)
  const begun = { clipId, place: { asset, maskId, range }, segmentId: null }
  if (target.track !== true || maskId === null) return begun
  return { ...begun, tracked: await followMask(client, maskId, maskFrame, range) }
}

/** Makes the take and uses it; null where the verb needs none. */
async function takeOf(
  { client, report }: CommandContext,
  { clipId, place, segmentId: known }: Begun,
  verb: Verb,
): Promise<Id | null> {
  const { kind } = verb
  let segmentId = known
  if (segmentId === null) {
    const own = await verb.segment(place)
    if (own === null) return null
    segmentId = newId('segment')
    const rest = {
      ...({ id: segmentId, type: 'segment', clipId, acceptedTakeId: null } as const),
      ...place.range,
    }
    await client.call('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'segment.add', segment: { ...rest, ...own } }],
    })
  }
  const state = await client.call('project.state', {})
  const [made] = state === null ? [] : recordsOf(state.doc, 'take')
  const input = { ...verb.input, segmentId }
  if (made === undefined) await saysWhereItGoesOn(client, report, { kind, input })
  const takeId = made?.id ?? (await client.runJob(kind, input)).takeId
  await accept(client, segmentId, takeId)
  return takeId
}

/** True where the retimed clip is in the open project. */
async function isRetimed(client: Client): Promise<boolean> {
  const state = await client.call('project.state', {})
  return state !== null && recordsOf(state.doc, 'asset').some(({ made }) => made?.task === 'retime')
}

/** Follows a mask both ways from its frame, which may lie beside the range, through all of the range. */
async function followMask(
  client: Client,
  maskId: Id,
  frame: number,
  { from, to }: EditPlace['range'],
): Promise<TrackTaskResult['stopped']> {
  const range = { from: Math.min(from, frame), to: Math.max(to, frame + 1) }
  const { stopped } = await client.runJob('track', { maskId, frame, direction: 'both', range })
  return stopped
}

async function recipeOf(client: Client, project: string, takeId: Id): Promise<unknown> {
  const state = await client.call('project.state', {})
  const take = state === null ? undefined : recordOf(state.doc, 'take', takeId)
  if (take === undefined) throw new AppError('internal', 'The take is not there.')
  return JSON.parse(await readFile(join(project, take.path, TAKE_FILES.recipe), 'utf8'))
}

/**
 * Retimes a stretch of the only clip of a timeline.
 *
 * @param stretch frames, which are the timeline's and the source's alike
 * @throws AppError `internal` where the result found no place
 */
export async function runRetime(
  client: Client,
  clipId: Id,
  stretch: { readonly from: number; readonly to: number; readonly params: RetimeParams },
): Promise<void> {
  const made = await client.runJob('retime', { clipId, ...stretch })
  const state = await client.call('project.state', {})
  if (state === null || recordOf(state.doc, 'clip', made.clipId) === undefined) {
    throw new AppError('internal', 'The retimed clip was not placed on the timeline.')
  }
}

/** Stands for the end of a clip in a range: no clip is as long. */
export const OPEN_END = '999999999'

/** @throws AppError `invalid-request` */
export function rangeOf(text: string | undefined, asset: AssetRec): EditPlace['range'] {
  const { frames, fps } = asset.info
  if (text === undefined) return { from: 0, to: frames }
  const match = /^(\d+(?:\.\d+)?)(s?)-(\d+(?:\.\d+)?)(s?)$/.exec(text.trim())
  const frameOf = (value: string | undefined, unit: string | undefined): number =>
    unit === 's' ? Math.round((Number(value) * fps.num) / fps.den) : Math.floor(Number(value))
  const from = match === null ? NaN : frameOf(match[1], match[2])
  const to = match === null ? NaN : Math.min(frames, frameOf(match[3], match[4]))
  if (from < to) return { from, to }
  throw new AppError(
    'invalid-request',
    `The range ${text.replace(OPEN_END, 'end')} holds no frame of the clip.`,
    {
      hint: `Use frames like 0-${frames}, or seconds like 1s-2.5s.`,
    },
  )
}
