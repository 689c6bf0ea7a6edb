import { basename } from 'node:path'
import type { Input, Output } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { probe } from '../ffmpeg/probe.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import type { EngineHost } from './engineHost/engineHost.js'
import { coversNothing } from './jobs/coversNothing.js'
import { resolveInside } from './project/folder.js'

/**
 * Measures how the colours of a range become those of a reference picture.
 *
 * @throws AppError `not-found`, `invalid-request`, `reference-invalid`, `mask-empty`, and whatever
 *   reading the picture throws
 */
export async function matchPicture(
  input: Input<'edit.matchPicture'>,
  project: { readonly folder: string; readonly doc: ProjectDoc },
  { tools, engine }: { readonly tools: FfmpegTools; readonly engine: EngineHost },
): Promise<Output<'edit.matchPicture'>> {
  const { assetId, from, to, maskId, path, luminanceOnly } = input
  const asset = recordOf(project.doc, 'asset', assetId)
  const mask = recordOf(project.doc, 'mask', maskId) ?? null
  if (asset === undefined || (mask === null && maskId !== null)) {
    throw new AppError('not-found', 'This clip or its mask is no longer in the project.', {
      hint: 'Undo the deletion, or choose another clip.',
    })
  }
  if (to <= from || to > asset.info.frames) {
    throw new AppError('invalid-request', 'The range of frames does not fit the clip.', {
      hint: `Its frames run from 0 to ${asset.info.frames - 1}.`,
    })
  }
  if (mask !== null && (await coversNothing(project.folder, { mask, asset }, { from, to }, 1))) {
    throw new AppError('mask-empty', 'The mask is empty: there are no colours to match.', {
      hint: 'Paint over what should take the colours, or match the whole frame.',
    })
  }
  const { map } = await engine.run('match', {
    source: { path: await resolveInside(project.folder, asset.path), info: asset.info },
    range: { from, to },
    mask: mask === null ? null : { kind: 'keyframes', mask, root: project.folder },
    reference: { path, info: await probeReference(tools, path) },
    luminanceOnly,
    ffmpegPath: tools.ffmpeg,
  })
  return { map, reference: basename(path).slice(0, 255) }
}

/** Two files are at play: a failure says that it is the picture's. */
async function probeReference(tools: FfmpegTools, path: string): ReturnType<typeof probe> {
  try {
    return await probe(tools, path)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, detail, hint } = error.toData()
    throw new AppError(code, `The reference picture cannot be used. ${message}`, {
      hint: hint ?? 'Choose a PNG, JPEG or WebP picture.',
      ...(detail === undefined ? {} : { detail }),
    })
  }
}
