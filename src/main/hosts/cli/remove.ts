import { cp, readdir, rm, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { Input } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { AssetRec, Id, RemoveParams } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import type { Client } from './client.js'
import type { Report } from './report.js'
import type { CommandContext } from './session.js'
import { attendToLeftovers } from './leftovers.js'
import type { LeftoverChoices } from './leftovers.js'
import { addMask, maskFiles, placeMasks } from './masks.js'
import type { MaskPictures } from './masks.js'
import { outPath, refuseExisting } from './out.js'
import { openWork, saysWhereItGoesOn, saysWhereItStopped } from './resuming.js'
import type { Resuming } from './resuming.js'
import type { WorkFolder } from './workFolder.js'

export interface RemoveOptions {
  readonly clip: string
  /** A PNG, or a folder with one PNG per frame in name order; white = remove. */
  readonly mask: string
  /** The frame a single PNG was painted on. */
  readonly maskFrame: number
  readonly out: string
  readonly preset: ExportPreset
  /** Folder that the take's own files are copied to. */
  readonly take: string | undefined
  readonly overwrite: boolean
  /** Keep the work beside the result, or the take, until it is done. */
  readonly resume: boolean
  /** Do not go on where an earlier run was stopped. */
  readonly fresh: boolean
  readonly params: RemoveParams
  /** What to do about what the mask leaves out. */
  readonly leftovers: LeftoverChoices
}

const PRESETS: Readonly<Record<string, ExportPreset>> = {
  '.mkv': 'ffv1',
  '.ffv1': 'ffv1',
  '.mp4': 'mp4',
  '.m4v': 'mp4',
  '.mov': 'prores',
  '': 'png',
}

/** The export a file name asks for; undefined when its extension says nothing. */
export function presetOf(out: string): ExportPreset | undefined {
  return PRESETS[extname(out).toLowerCase()]
}

/**
 * The whole story of a removal in a project folder of its own that is deleted afterwards. With a
 * take to keep, that folder lies beside it and outlives a kill: the same command goes on there.
 */
export async function remove(context: CommandContext, options: RemoveOptions): Promise<boolean> {
  const { client, report } = context
  const out = await outPath(report, options.out, options.overwrite)
  const take = options.take === undefined ? null : resolve(options.take)
  if (take !== null && !options.overwrite) await refuseExisting(take)
  const masks = await maskFiles(resolve(options.mask))
  const isKept = take !== null || options.resume
  const resuming = resumingOf(options, masks, isKept)
  const work = await openWork(context, 'remove', take ?? out, resuming)
  let isDone = false
  try {
    const segmentId = await begin(context, work, masks, options)
    await attendToLeftovers(context, segmentId, options.leftovers)
    const takeId = await makeTake(context, segmentId)
    await accept(client, segmentId, takeId)
    const { frames, bytes } = await client.runJob('export', {
      preset: options.preset,
      path: out,
      overwrite: options.overwrite,
    })
    if (take !== null) await copyTake(client, takeId, work.project, take)
    isDone = true
    report.result({ path: out, preset: options.preset, frames, bytes, take }, [
      `Wrote ${out} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
      ...(take === null ? [] : [`The take is in ${take}.`]),
    ])
    return true
  } finally {
    const keep = !isDone && (await isWorthKeeping(client, report, isKept))
    await client.call('project.close', {})
    await work.close(keep)
  }
}

/** What the work depends on; undefined where it goes with the command. */
function resumingOf(
  options: RemoveOptions,
  masks: MaskPictures,
  isKept: boolean,
): Resuming | undefined {
  if (!isKept) return undefined
  const files = [options.clip, ...(typeof masks === 'string' ? [masks] : masks)]
  const { maskFrame, params, leftovers, fresh } = options
  return { fresh, files, asked: { maskFrame, params, leftovers } }
}

/** The edit to make a take of: that of an earlier run, where it got as far as that. */
async function begin(
  context: CommandContext,
  work: WorkFolder,
  masks: MaskPictures,
  options: RemoveOptions,
): Promise<Id> {
  const { client } = context
  if (work.isBegun) {
    const { doc } = await client.call('project.open', { folder: work.project })
    const [segment] = recordsOf(doc, 'segment')
    if (segment !== undefined) return segment.id
    await client.call('project.close', {})
    await rm(work.project, { recursive: true, force: true })
  }
  await client.call('project.create', { folder: work.project, name: 'remove' })
  const imported = await client.runJob('import', { path: resolve(options.clip), place: true })
  const asset = await importedAsset(client, imported.assetId)
  const keyframes = placeMasks(masks, asset, options.maskFrame)
  const { clipId } = imported
  if (clipId === null) throw new AppError('internal', 'The clip was not placed on the timeline.')
  const maskId = await addMask(context, asset.id, keyframes, 'hold')
  return addSegment(client, asset, clipId, maskId, options.params)
}

async function makeTake({ client, report }: CommandContext, segmentId: Id): Promise<Id> {
  const state = await client.call('project.state', {})
  const [made] = state === null ? [] : recordsOf(state.doc, 'take')
  if (made !== undefined) return made.id
  await saysWhereItGoesOn(client, report, { kind: 'remove', input: { segmentId } })
  const { takeId } = await client.runJob('remove', { segmentId })
  return takeId
}

/** True where running the same command again has something to go on from, which it then says. */
async function isWorthKeeping(client: Client, report: Report, isKept: boolean): Promise<boolean> {
  const state = await client.call('project.state', {})
  if (state === null) return false
  if (recordsOf(state.doc, 'take').length > 0) return isKept
  return (await saysWhereItStopped(client, report, isKept ? undefined : '--resume')) && isKept
}

/** The pictures of a folder in the order of their names, or the one that is named. */
export async function pictureFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null)
  if (found !== null && !found.isDirectory()) return [path]
  const names = found === null ? [] : await readdir(path)
  const pictures = names.filter((name) => /^[^.].*\.(png|webp|tiff?|jpe?g)$/i.test(name))
  if (pictures.length === 0) {
    throw new AppError('file-missing', `There is no picture at ${path}.`, {
      hint: 'Give a picture, or a folder of pictures.',
    })
  }
  return pictures
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(path, name))
}

/** The asset that an import made. */
export async function importedAsset(client: Client, id: Id): Promise<AssetRec> {
  const state = await client.call('project.state', {})
  const asset = state === null ? undefined : recordOf(state.doc, 'asset', id)
  if (asset === undefined) throw new AppError('internal', 'The imported clip is not there.')
  return asset
}

type Dispatched = Input<'document.dispatch'>['commands'][number]

async function dispatch(client: Client, command: Dispatched): Promise<void> {
  await client.call('document.dispatch', { commands: [command], mode: 'record' })
}

async function addSegment(
  client: Client,
  asset: AssetRec,
  clipId: Id,
  maskId: Id,
  params: RemoveParams,
): Promise<Id> {
  const segmentId = newId('segment')
  const range = { from: 0, to: asset.info.frames }
  await dispatch(client, {
    type: 'segment.add',
    segment: {
      id: segmentId,
      type: 'segment',
      clipId,
      verb: 'remove',
      ...range,
      maskId,
      params,
      acceptedTakeId: null,
    },
  })
  return segmentId
}

/** Uses a take. */
export async function accept(client: Client, segmentId: Id, takeId: Id): Promise<void> {
  await client.call('document.dispatch', {
    commands: [{ type: 'take.accept', segmentId, takeId }],
    mode: 'record',
  })
}

async function copyTake(client: Client, takeId: Id, project: string, to: string): Promise<void> {
  const state = await client.call('project.state', {})
  const take = state === null ? undefined : recordOf(state.doc, 'take', takeId)
  if (take === undefined) throw new AppError('internal', 'The take is not there.')
  await cp(join(project, take.path), to, { recursive: true })
}
