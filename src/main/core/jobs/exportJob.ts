import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { ExportInput } from '../../../shared/contract/job.js'
import { timelineLength } from '../../../shared/document/timing.js'
import { makeFolder } from '../media/exportFolder.js'
import { checkExportTarget, estimateExportBytes, exportTimeline } from '../media/exportTimeline.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

export function exportJob(resources: JobResources): JobHandler<'export'> {
  const { session } = resources
  const frames = (input: ExportInput): number =>
    input.range === undefined ? timelineLength(session.doc) : input.range.to - input.range.from

  return {
    lane: 'media',
    plan: [{ phase: 'encoding', weight: 1 }],

    async forecast(input) {
      const problems: ErrorData[] = []
      const length = timelineLength(session.doc)
      if (length === 0) {
        problems.push({
          code: 'job-not-possible',
          message: 'There is nothing on the timeline to export.',
          hint: 'Import a clip first.',
        })
      } else if (input.range !== undefined && input.range.to > length) {
        problems.push({
          code: 'job-not-possible',
          message: 'The export range reaches past the end of the timeline.',
          hint: 'Shorten the range or clear it.',
        })
      }
      try {
        await checkExportTarget(exportPath(session.folder, input.path), input)
      } catch (error) {
        problems.push(toErrorData(error))
      }
      const { meta } = session.doc
      return completeForecast(resources, {
        kind: 'export',
        work: megapixels(meta) * frames(input),
        memoryBytes: 250e6,
        diskBytes: estimateExportBytes(meta, frames(input), input.preset),
        problems,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const path = exportPath(session.folder, input.path)
      await makeFolder(dirname(path))
      const result = await exportTimeline({
        tools: await resources.tools(),
        projectFolder: session.folder,
        doc: session.doc,
        input,
        resolvedPath: path,
        onProgress: report,
        signal,
      })
      const work = megapixels(session.doc.meta) * result.frames
      await resources.rates.learn('export', work, (performance.now() - started) / 1000)
      return result
    },
  }
}

/** An absolute path as given, anything else inside the project's exports folder and never above it. */
export function exportPath(projectFolder: string, path: string): string {
  if (isAbsolute(path)) return path
  const root = join(projectFolder, 'exports')
  const full = resolve(root, path)
  if (full !== root && full.startsWith(root + sep)) return full
  throw new AppError('invalid-request', 'The export name leads outside the exports folder.', {
    hint: 'Use a plain file name, or an absolute path.',
  })
}
