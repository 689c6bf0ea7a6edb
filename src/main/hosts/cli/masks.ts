import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Input } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { AssetRec, Id } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { PAINTED } from '../../../shared/mask/growth.js'
import { brightestOf } from '../../core/maskFiles.js'
import { named } from './client.js'
import type { CommandContext } from './session.js'

/** What `--mask` names: the path of one picture, or those of a folder in the order of their names. */
export type MaskPictures = string | readonly string[]

/**
 * Finds the pictures of a mask, and refuses those that mark nothing before any work begins.
 *
 * @throws AppError `file-missing`, `mask-invalid`, `mask-empty`
 */
export async function maskFiles(path: string): Promise<MaskPictures> {
  const found = await stat(path).catch(() => null)
  if (found === null) {
    throw new AppError('file-missing', `There is no mask at ${path}.`, {
      hint: 'Give a PNG, or a folder with one PNG per frame.',
    })
  }
  const pictures = found.isDirectory() ? await picturesIn(path) : path
  await refuseBlack(path, typeof pictures === 'string' ? [pictures] : pictures)
  return pictures
}

async function picturesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.png'))
  if (names.length === 0) {
    throw new AppError('mask-invalid', `There are no PNG files in ${folder}.`, {
      hint: 'The folder holds one PNG per frame, in the order of their names.',
    })
  }
  return names
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name))
}

/** One picture of a folder with something on it will do: the object may come and go. */
async function refuseBlack(path: string, pictures: readonly string[]): Promise<void> {
  let brightest = 0
  for (const picture of pictures) {
    const level = await brightestOf(picture).catch((error: unknown) => {
      throw error instanceof AppError ? named(error, { path: picture }) : error
    })
    brightest = Math.max(brightest, level)
    // Labels of a segmentation, such as 0 and 1, are no levels of a mask.
    if (brightest >= PAINTED) return
  }
  const what = pictures.length === 1 ? `${path} is` : `All ${pictures.length} masks in ${path} are`
  throw new AppError(
    'mask-empty',
    brightest === 0
      ? `${what} black all over: nothing is marked.`
      : `${what} as good as black, ${brightest} of 255 at the brightest: nothing is marked.`,
    { hint: 'Paint over what is meant in white (255), on black, and save it as a PNG.' },
  )
}

/** Which picture is the mask of which frame. */
export function placeMasks(
  masks: MaskPictures,
  asset: AssetRec,
  maskFrame: number,
): readonly { frame: number; path: string }[] {
  const { frames } = asset.info
  if (typeof masks !== 'string') {
    if (masks.length === frames) return masks.map((path, frame) => ({ frame, path }))
    throw new AppError(
      'mask-invalid',
      `The folder holds ${masks.length} masks, the clip has ${frames} frames.`,
      { hint: 'Give one mask per frame, or a single PNG for the whole clip.' },
    )
  }
  if (maskFrame < frames) return [{ frame: maskFrame, path: masks }]
  throw new AppError('mask-invalid', `The clip has no frame ${maskFrame}.`, {
    hint: `Frames run from 0 to ${frames - 1}.`,
  })
}

type Dispatched = Input<'document.dispatch'>['commands'][number]

/** A mask made of pictures; that they are of another size than the clip is said once. */
export async function addMask(
  { client, report }: Pick<CommandContext, 'client' | 'report'>,
  assetId: Id,
  keyframes: readonly { frame: number; path: string }[],
  between: 'hold' | 'interpolate',
): Promise<Id> {
  const maskId = newId('mask')
  const command: Dispatched = {
    type: 'mask.add',
    mask: {
      ...({ id: maskId, type: 'mask', assetId, name: 'mask', keyframes: {}, between } as const),
      ...{ feather: 0, grow: 0, inverted: false },
      overlay: { colour: '#ff3d71', opacity: 0.5 },
    },
  }
  await client.call('document.dispatch', { commands: [command], mode: 'record' })
  let isSaid = false
  for (const { frame, path } of keyframes) {
    const { scaled } = await client.call('mask.import', { maskId, frame, path })
    if (scaled === null || isSaid) continue
    isSaid = true
    const [from, to] = [scaled.from, scaled.to].map(({ width, height }) => `${width}x${height}`)
    report.note({ mask: { path, scaled } }, `The mask is scaled from ${from} to the clip's ${to}.`)
  }
  return maskId
}
