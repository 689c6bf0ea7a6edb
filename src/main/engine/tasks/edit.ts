import type { EditTaskInput, EditTaskResult } from '../../../shared/contract/edit.js'
import { gradeFrame } from '../../../shared/grade/frame.js'
import { planGrade } from '../../../shared/grade/plan.js'
import { reachOver } from '../../../shared/grade/subject.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openTakeParts } from '../../ffmpeg/takeParts.js'
import type { TaskContext } from '../taskContext.js'
import { openVectors } from '../wasm/lookUpBytes.js'
import { createClock } from './clock.js'
import { openFeathered } from './featheredMask.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'
import { oneAhead } from './shown.js'
import { subjects as measure } from './subjects.js'
import { layOver, openUnder } from './underTakes.js'

/**
 * Applies an edit's operations frame by frame at full size: writes a take in parts (RGBA, alpha 0
 * wherever the source shows) and, on the way, preview.png into the output folder. Where parts are
 * there already it goes on behind them; core sees to it that they belong to the same input.
 *
 * @throws AppError `cancelled`, `mask-invalid`, and whatever reading and writing throw
 */
export async function edit(input: EditTaskInput, context: TaskContext): Promise<EditTaskResult> {
  const { source, range, params, outputFolder, ffmpegPath } = input
  const { signal } = context
  const size = { width: source.info.width, height: source.info.height }
  const total = range.to - range.from
  const clock = createClock()
  const { subjects } = await clock.time('measuring', () => measure(input, context))
  const gradeAt = planGrade(params.operations, subjects)
  const reach = reachOver(params.operations, subjects, size)
  const maskAt = await openFeathered(input, size, reach)
  const parts = await openTakeParts(ffmpegPath, outputFolder, { ...size, fps: source.info.fps })
  const left = { from: range.from + parts.known, to: range.to }
  const frames = oneAhead(readFrames(ffmpegPath, source, { ...left, layout: 'rgb24', signal }))
  const layers = input.under.map((take) =>
    openUnder({ range: left, source, ffmpegPath }, take, signal),
  )
  let done = parts.known
  let previewAt = 0
  try {
    for await (const data of frames) {
      const frame = range.from + done
      for (const layer of layers) await layer.layOver(data, frame)
      // A new buffer each time: the writer still holds the one before.
      const out = new Uint8Array(size.width * size.height * 4)
      const grade = gradeAt(frame)
      const mask = (await maskAt?.(frame)) ?? null
      const changed =
        grade !== null &&
        (await clock.time('grading', () =>
          Promise.resolve(
            gradeFrame(
              { data, channels: 3, ...size, frame, seed: params.seed, scale: 1, mask },
              grade,
              out,
              openVectors,
            ),
          ),
        ))
      // Nothing is guessed in an edit of colour.
      const note = { confidence: 1, seen: 1, untouched: !changed }
      await clock.time('writing', () => parts.write(out, note))
      done++
      const due = changed && performance.now() - previewAt > PREVIEW_EVERY_MS
      if (due) {
        layOver(data, out)
        await writePreview(outputFolder, { ...size, data })
        previewAt = performance.now()
      }
      context.report({
        phase: 'grading',
        done,
        total,
        ...(due ? { preview: { file: PREVIEW_FILE, frame } } : {}),
      })
    }
  } finally {
    // Also when it is cancelled or fails: what is finished stays finished.
    await parts.close()
    await frames.return(undefined)
    for (const layer of layers) await layer.close()
  }
  return {
    frames: total,
    untouched: parts.notes().filter((note) => note.untouched).length,
    subjects,
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}
