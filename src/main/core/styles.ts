import { readdir, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Input } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { shippedStyle, shippedStylePath } from '../../shared/style.js'
import type { StyleRef } from '../../shared/style.js'
import { readFrames } from '../ffmpeg/frames.js'
import { probe } from '../ffmpeg/probe.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import { claimName, exists, safeFileName, writeWhole } from './media/files.js'

const FOLDER = 'styles'
/** Longer side of the copy: more than any style network looks at. */
const SIDE = 1024
/** Fewer pixels a side show no style. */
const LEAST = 16
const PICTURES = 'Choose a PNG, JPEG or WebP picture that other programs can open.'
/** Decoding one takes memory by the pixel: this is about 0.5 GB. */
const MOST_MEGAPIXELS = 120

/**
 * Copies a picture into the project as a style reference: decoded to plain RGB and no larger than
 * useful, so that whatever the file was, it can be read again anywhere.
 *
 * @throws AppError `reference-invalid`, and what reading the picture throws, naming it
 */
export async function addStyle(
  input: Input<'style.add'>,
  projectFolder: string,
  { tools, resourcesFolder }: { readonly tools: FfmpegTools; readonly resourcesFolder: string },
): Promise<StyleRef> {
  if ('shipped' in input) {
    const path = shippedStylePath(input.shipped)
    if (!(await exists(join(projectFolder, path)))) {
      const from = join(resourcesFolder, FOLDER, `${input.shipped}.webp`)
      await writePng(join(projectFolder, path), await readPicture(tools, from))
    }
    return { name: input.shipped, path }
  }
  const picture = await readPicture(tools, input.path)
  const stem = basename(safeFileName(basename(input.path)), extname(input.path))
  const file = await claimName(join(projectFolder, FOLDER), `${stem}.png`)
  await writePng(join(projectFolder, FOLDER, file), picture)
  return { name: basename(file, '.png'), path: `${FOLDER}/${file}` }
}

/** The person's own references in the project, by name. */
export async function listStyles(projectFolder: string): Promise<StyleRef[]> {
  const names = await readdir(join(projectFolder, FOLDER)).catch(() => [])
  return names
    .filter((name) => name.endsWith('.png') && !name.startsWith('.'))
    .map((name) => ({ name: basename(name, '.png'), path: `${FOLDER}/${name}` }))
    .filter((style) => shippedStyle(style) === null)
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
}

interface Decoded {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

async function readPicture(tools: FfmpegTools, path: string): Promise<Decoded> {
  try {
    const info = await probe(tools, path)
    const { width, height } = info
    if (Math.min(width, height) < LEAST) {
      throw new AppError('reference-invalid', `It has ${width}x${height} pixels, too few.`, {
        hint: 'Choose a picture with at least a few hundred pixels a side.',
      })
    }
    if ((width * height) / 1e6 > MOST_MEGAPIXELS) {
      throw new AppError(
        'reference-invalid',
        `It has ${Math.round((width * height) / 1e6)} megapixels, more than ${MOST_MEGAPIXELS}.`,
        { hint: 'Save it smaller: a style is read from about a thousand pixels a side.' },
      )
    }
    const scale = Math.min(1, SIDE / Math.max(width, height))
    const size = {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    }
    const options = { from: 0, to: 1, layout: 'rgb24', ...size } as const
    for await (const data of readFrames(tools.ffmpeg, { path, info }, options)) {
      return { ...size, data }
    }
    throw new AppError('media-damaged', 'It could not be decoded.')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, detail, hint } = error.toData()
    throw new AppError(code, `The style picture cannot be used. ${message}`, {
      hint: code === 'reference-invalid' && hint !== undefined ? hint : PICTURES,
      ...(detail === undefined ? {} : { detail }),
    })
  }
}

async function writePng(path: string, { width, height, data }: Decoded): Promise<void> {
  const png = encode({ width, height, data, channels: 3, depth: 8 })
  await writeWhole(path, (temporary) => writeFile(temporary, png))
}
