import type { EditSegmentRec } from '../../../shared/document/model.js'
import { lookJob } from './lookJob.js'
import type { JobHandler } from './queue.js'
import type { JobResources } from './resources.js'

/** Makes a take of what a prompt asks for; the operations are those of the segment, as shown. */
export function editJob(resources: JobResources): JobHandler<'edit'> {
  return lookJob<EditSegmentRec>(resources, {
    verb: 'edit',
    plan: [
      { phase: 'analysing', weight: 1 },
      { phase: 'grading', weight: 8 },
      { phase: 'preview', weight: 2 },
    ],
    emptyMask: {
      message: 'The mask is empty: the edit would change nothing.',
      hint: 'Paint over what should change, or apply the edit to the whole frame.',
    },
    // A few frames in flight between decoder, engine and encoder.
    memoryBytes: (size) => 150e6 + size * 60e6,
    diskBytesPerMegapixel: 4.2e6,

    problems({ params: { operations } }) {
      const isEmpty = operations.every(({ keys }) => keys.every(({ value }) => value === 0))
      const problem = {
        code: 'edit-empty',
        message: 'The edit changes nothing.',
        hint: 'Describe what to change, for example “warmer, with a subtle vignette”.',
      } as const
      return Promise.resolve(isEmpty ? [problem] : [])
    },

    async run({ segment: { params } }, task, options) {
      const result = await resources.engine.run('edit', { ...task, params }, options)
      return {
        subjects: result.subjects,
        timings: { phases: result.phasesSeconds },
        peakMemoryBytes: result.peakMemoryBytes,
      }
    },
  })
}
