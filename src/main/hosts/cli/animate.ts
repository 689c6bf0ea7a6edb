import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { AnimateInput, ExportPreset } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import type { Id } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import type { StillStyle } from '../../../shared/style.js'
import { temporaryFolder } from '../temporaryFolder.js'
import type { Client } from './client.js'
import { refuseExisting } from './remove.js'
import type { CommandContext } from './session.js'

export interface AnimateOptions {
  readonly photo: string
  /** Grey PNG, white where it may move; the whole picture when absent. */
  readonly region: string | undefined
  readonly input: Omit<AnimateInput, 'assetId' | 'clipId' | 'maskId' | 'style' | 'place'>
  /** Path of a picture that the photo is painted by first; as it is when absent. */
  readonly style: (Omit<StillStyle, 'style'> & { readonly path: string }) | undefined
  readonly out: string
  readonly preset: ExportPreset
  readonly overwrite: boolean
}

/** Sets a still in motion in a project of its own that is deleted afterwards, and exports it. */
export async function animate(
  { client, paths, report }: CommandContext,
  { photo, region, input, style, preset, overwrite, ...options }: AnimateOptions,
): Promise<boolean> {
  const out = resolve(options.out)
  if (!overwrite) await refuseExisting(out)
  const folder = await temporaryFolder(paths.data, 'animate')
  try {
    const project = join(folder, 'project')
    await client.call('project.create', { folder: project, name: 'animate' })
    const still = await client.runJob('import', { path: resolve(photo), place: false })
    const { assetId } = await client.runJob('animate', {
      ...input,
      ...(style === undefined ? {} : { style: await addStyle(client, style) }),
      assetId: still.assetId,
      ...(region === undefined ? {} : { maskId: await addMask(client, still.assetId, region) }),
      place: true,
    })
    const state = await client.call('project.state', {})
    const made = state === null ? undefined : recordOf(state.doc, 'asset', assetId)?.made
    if (made === undefined) throw new AppError('internal', 'The animated clip is not there.')
    const recipe: unknown = JSON.parse(await readFile(join(project, made.recipe), 'utf8'))
    const { frames, bytes } = await client.runJob('export', { preset, path: out, overwrite })
    report.result({ path: out, preset, frames, bytes, recipe }, [
      `Wrote ${out} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB), a seamless loop.`,
    ])
    return true
  } finally {
    await client.call('project.close', {})
    await rm(folder, { recursive: true, force: true })
  }
}

async function addStyle(
  client: Client,
  { path, ...how }: NonNullable<AnimateOptions['style']>,
): Promise<StillStyle> {
  return { ...how, style: await client.call('style.add', { path: resolve(path) }) }
}

async function addMask(client: Client, assetId: Id, region: string): Promise<Id> {
  const id = newId('mask')
  const mask = {
    ...({ id, type: 'mask', assetId, name: 'region', keyframes: {}, between: 'hold' } as const),
    ...{ feather: 0, grow: 0, inverted: false },
    overlay: { colour: '#4aa8ff', opacity: 0.5 },
  }
  await client.call('document.dispatch', { commands: [{ type: 'mask.add', mask }], mode: 'record' })
  await client.call('mask.import', { maskId: id, frame: 0, path: resolve(region) })
  return id
}
