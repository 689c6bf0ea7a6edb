import { resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { EditOperation } from '../../../shared/edit/operations.js'
import { DEFAULT_STYLISE } from '../../../shared/style.js'
import type { Strokes } from '../../../shared/style.js'
import { applyEdit, applyVerb } from './applyEdit.js'
import type { EditPlace, EditTarget } from './applyEdit.js'
import type { CommandContext } from './session.js'

export const STYLE_MODES = ['colour', 'network', 'keyframe'] as const

export interface StylizeOptions extends EditTarget {
  /** The reference picture. */
  readonly style: string
  readonly mode: (typeof STYLE_MODES)[number]
  /** Above 0, up to 1; each mode's own default when absent. */
  readonly strength: number | undefined
  readonly luminanceOnly: boolean
  /** Of the mode colour. */
  readonly keepSkin: boolean
  /** Of the mode network. */
  readonly strokes: Strokes
  readonly smoothing: number
}

const COLOUR_STRENGTH = 0.8

/** Gives a clip the colours of a picture, or paints it in its style. */
export async function stylize(context: CommandContext, options: StylizeOptions): Promise<boolean> {
  const { mode, luminanceOnly } = options
  if (mode === 'keyframe') {
    throw new AppError('invalid-request', '--mode keyframe is not available yet.', {
      hint: 'Use --mode network, which paints in the style of the picture, or --mode colour.',
    })
  }
  const strength =
    options.strength ?? (mode === 'colour' ? COLOUR_STRENGTH : DEFAULT_STYLISE.strength)
  if (strength === 0) {
    throw new AppError('edit-empty', 'At strength 0 the clip stays as it is.', {
      hint: 'Give --strength a number above 0, up to 1.',
    })
  }
  const written = await (mode === 'colour' ? matchColours : paint)(context, options, strength)
  const { path, frames, bytes } = written
  const style = resolve(options.style)
  context.report.result({ ...written, mode, style, strength, luminanceOnly }, [
    `Wrote ${path} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
  ])
  return true
}

type Written = ReturnType<typeof applyEdit>

function matchColours(context: CommandContext, options: StylizeOptions, strength: number): Written {
  const { style, luminanceOnly, keepSkin } = options
  const operations = async ({ asset, maskId, range }: EditPlace): Promise<EditOperation[]> => {
    const measured = await context.client.call('edit.matchPicture', {
      ...{ assetId: asset.id, maskId, ...range },
      ...{ path: resolve(style), luminanceOnly },
    })
    const keys = [{ frame: range.from, value: strength }]
    return [{ kind: 'match', keys, keepSkin, ...measured }]
  }
  return applyEdit(context, options, { prompt: '', seed: 0, operations })
}

async function paint(context: CommandContext, options: StylizeOptions, strength: number): Written {
  const { client } = context
  const { luminanceOnly, strokes, smoothing, feather } = options
  if (options.keepSkin) {
    throw new AppError('invalid-request', '--keep-skin goes with --mode colour only.', {
      hint: 'Leave it out, or use --luminance-only to keep all colours.',
    })
  }
  const { recipe, ...written } = await applyVerb(context, options, {
    kind: 'stylise',
    async segment({ maskId }) {
      const style = await client.call('style.add', { path: resolve(options.style) })
      const how = { strength, keepColours: luminanceOnly, smoothing, strokes, feather }
      return { verb: 'stylise', maskId, params: { style, ...how } }
    },
  })
  return written
}
