import { resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { EditOperation } from '../../../shared/edit/operations.js'
import { applyEdit } from './applyEdit.js'
import type { EditPlace, EditTarget } from './applyEdit.js'
import type { CommandContext } from './session.js'

export const STYLE_MODES = ['colour', 'network', 'keyframe'] as const

export interface StylizeOptions extends EditTarget {
  /** The reference picture. */
  readonly style: string
  readonly mode: (typeof STYLE_MODES)[number]
  /** Above 0, up to 1. */
  readonly strength: number
  readonly luminanceOnly: boolean
  readonly keepSkin: boolean
}

/** Gives a clip the colours of a picture. */
export async function stylize(context: CommandContext, options: StylizeOptions): Promise<boolean> {
  const { client, report } = context
  const { mode, strength, luminanceOnly, keepSkin } = options
  if (mode !== 'colour') {
    throw new AppError('invalid-request', `--mode ${mode} is not available yet.`, {
      hint: 'Use --mode colour, which transfers the colours of the picture.',
    })
  }
  if (strength === 0) {
    throw new AppError('edit-empty', 'At strength 0 the clip stays as it is.', {
      hint: 'Give --strength a number above 0, up to 1.',
    })
  }
  const match = async ({ asset, maskId, range }: EditPlace): Promise<readonly EditOperation[]> => {
    const measured = await client.call('edit.matchPicture', {
      ...{ assetId: asset.id, maskId, ...range },
      ...{ path: resolve(options.style), luminanceOnly },
    })
    const keys = [{ frame: range.from, value: strength }]
    return [{ kind: 'match', keys, keepSkin, ...measured }]
  }
  const written = await applyEdit(context, options, { prompt: '', seed: 0, operations: match })
  const { path, frames, bytes } = written
  report.result({ ...written, style: resolve(options.style), strength, luminanceOnly, keepSkin }, [
    `Wrote ${path} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
  ])
  return true
}
