import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportInput, ExportPreset } from '../../../shared/contract/job.js'
import { recordsOf } from '../../../shared/document/model.js'
import type { ProjectDoc } from '../../../shared/document/model.js'
import type { FrameSource } from '../../ffmpeg/frames.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { planExport } from './exportPlan.js'
import type { MediaWork } from './progress.js'
import { renderComposition } from './render.js'
import type { Rendered } from './render.js'

export { estimateExportBytes } from './presets.js'
export { checkExportTarget } from './render.js'

/**
 * Exports the timeline, or a range of it: frame for frame, with exactly as many audio samples as
 * its frames last, accepted takes laid over their sources.
 *
 * @throws AppError `job-not-possible` for an empty range, else as {@link renderComposition}
 */
export async function exportTimeline(
  work: MediaWork & {
    readonly tools: FfmpegTools
    readonly projectFolder: string
    readonly doc: ProjectDoc
    readonly input: ExportInput
    /** Absolute target; a folder for `png`. */
    readonly resolvedPath: string
  },
): Promise<Rendered> {
  const { tools, projectFolder, doc, input, resolvedPath, onProgress, signal } = work
  const end = Math.max(0, ...recordsOf(doc, 'clip').map((clip) => clip.start + clip.length))
  const from = input.range?.from ?? 0
  const to = Math.min(end, input.range?.to ?? end)
  if (to <= from) {
    throw new AppError('job-not-possible', 'There is nothing on the timeline to export.', {
      hint: 'Put a clip on the timeline, or clear the range.',
    })
  }
  return renderComposition({
    composition: planExport(doc, { from, to }, (path) => join(projectFolder, path)),
    ...{ tools, preset: input.preset, path: resolvedPath, overwrite: input.overwrite },
    ...{ onProgress, signal },
  })
}

/**
 * Writes a clip with one take laid over it, without a project: the same way as an export.
 *
 * @param options.take file and the source frames `[from, to)` it belongs to
 * @throws as {@link renderComposition}
 */
export async function compositeTake(
  options: MediaWork & {
    readonly tools: FfmpegTools
    readonly source: FrameSource
    readonly take: { readonly path: string; readonly from: number; readonly to: number }
    readonly out: string
    readonly preset: ExportPreset
    readonly overwrite: boolean
  },
): Promise<Rendered> {
  const { tools, source, take, out, preset, overwrite, onProgress, signal } = options
  const { info } = source
  const { width, height, fps, frames } = info
  const sound = { source, from: 0, to: frames, fromSeconds: 0 }
  return renderComposition({
    composition: {
      ...{ fps, width, height, frames },
      pictures: [
        {
          length: frames,
          overlays: [],
          picture: { source, takes: [take], frames: Array.from({ length: frames }, (_, n) => n) },
        },
      ],
      sounds: info.audio === null ? [] : [sound],
    },
    ...{ tools, preset, path: out, overwrite, onProgress, signal },
  })
}
