import type { StyliseTaskInput, StyliseTaskResult } from '../../../shared/contract/stylise.js'
import { STROKE_PIXELS, needsNetwork } from '../../../shared/style.js'
import { openTakeParts } from '../../ffmpeg/takeParts.js'
import type { TaskContext } from '../taskContext.js'
import { scaledBy, scaleWithin } from '../vision/image.js'
import { createClock } from './clock.js'
import { openFeathered } from './featheredMask.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'
import { paintByKeys } from './stylise/keyFrames.js'
import { openKeyPainter } from './stylise/keyPainter.js'
import { layOut } from './stylise/layOut.js'
import { openNetwork, paintEach } from './stylise/network.js'
import { layOver } from './underTakes.js'

/**
 * Paints frames in the style of a picture, each by the network or by key frames whose paint is
 * carried along the motion. Writes a take in parts (RGBA, alpha 0 wherever the source shows) and,
 * on the way, preview.png into the output folder. Where parts are there already it goes on behind
 * them. By key frames that gives the same bits as a run without a stop; by the network, which paints
 * again as many frames as the next still holds on to, it differs by less than a level.
 *
 * @throws AppError `pack-failed`, `cancelled`, `mask-invalid`, `reference-invalid`,
 * `reference-missing`, and what reading and writing throw
 */
export async function stylise(
  input: StyliseTaskInput,
  context: TaskContext,
): Promise<StyliseTaskResult> {
  const { source, range, params, outputFolder, ffmpegPath } = input
  const { signal } = context
  const size = { width: source.info.width, height: source.info.height }
  const work = scaledBy(size, scaleWithin(size, STROKE_PIXELS[params.strokes]))
  const total = range.to - range.from
  const clock = createClock()
  const network = needsNetwork(params) ? await openNetwork(input, work, clock, context) : null
  try {
    const maskAt = await openFeathered(input, size)
    const parts = await openTakeParts(ffmpegPath, outputFolder, { ...size, fps: source.info.fps })
    const first = range.from + parts.known
    const byHand = params.mode === 'keyframe' && params.keyBy === 'hand'
    const how = {
      keepColours: params.keepColours,
      // A network has its strength in what it paints by.
      opacity: byHand ? params.strength : 1,
    }
    let previewAt = 0
    // By key frames, motion is followed some way ahead of the paint: half of the work.
    const done = { followed: parts.known, painted: parts.known }
    const tell = (preview?: { readonly file: string; readonly frame: number }): void => {
      const share = params.mode === 'network' ? done.painted : (done.followed + done.painted) / 2
      context.report({
        ...{ phase: 'painting', done: Math.floor(share), total },
        ...(preview === undefined ? {} : { preview }),
      })
    }
    // A frame goes to disk while the next is painted; a failure is thrown when that one is done.
    let writing: Promise<void> = Promise.resolve()
    try {
      if (parts.known < total) {
        const frames =
          params.mode === 'network' && network !== null
            ? paintEach(input, network, first, maskAt, { clock, signal })
            : paintByKeys(input, await keyPainter(), first, {
                ...{ clock, signal },
                onFollowed(frame) {
                  done.followed = Math.max(done.followed, frame - range.from + 1)
                  tell()
                },
              })
        for await (const painted of frames) {
          const { frame, picture, confidence } = painted
          const mask = (await maskAt?.(frame)) ?? null
          // A new buffer each time: the writer still holds the one before.
          const out = new Uint8Array(size.width * size.height * 4)
          const seen = mask === null || mask.some((value) => value > 0)
          if (seen) layOut(painted, { ...how, mask }, out)
          const note = seen
            ? { confidence, seen: confidence, untouched: painted.colours === null }
            : { confidence: 1, seen: 1, untouched: true }
          const before = writing
          await clock.time('writing', () => before)
          writing = parts.write(out, note)
          writing.catch(() => undefined)
          const due = seen && performance.now() - previewAt > PREVIEW_EVERY_MS
          if (due) {
            layOver(picture.data, out)
            await writePreview(outputFolder, picture)
            previewAt = performance.now()
          }
          done.painted = frame - range.from + 1
          tell(due ? { file: PREVIEW_FILE, frame } : undefined)
        }
        await writing
      }
    } finally {
      await writing.catch(() => undefined)
      // Also when it is cancelled or fails: what is finished stays finished.
      await parts.close()
    }
    return {
      frames: total,
      untouched: parts.notes().filter((note) => note.untouched).length,
      painted: work,
      provider: network?.model.provider ?? null,
      refused: network?.model.refused ?? [],
      phasesSeconds: clock.seconds(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }
  } finally {
    await network?.release()
  }

  async function keyPainter(): ReturnType<typeof openKeyPainter> {
    context.report({ phase: 'analysing', done: 0, total: null })
    return clock.time('analysing', () => openKeyPainter(input, network, signal))
  }
}
