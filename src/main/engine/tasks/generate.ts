import { join } from 'node:path'
import type { GenerateTaskInput, GenerateTaskResult } from '../../../shared/contract/engine.js'
import { enlargedSize } from '../../../shared/enlargement.js'
import { toNumber } from '../../../shared/rational.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import { frameOf } from '../diffusion/clipPictures.js'
import { sampleClip } from '../diffusion/sampleClip.js'
import type { SampledClip } from '../diffusion/sampleClip.js'
import { openPackModel } from '../models/packModel.js'
import { openReranker } from '../models/reranker.js'
import type { Reranker } from '../models/reranker.js'
import { openUpscaleModel, toBytes } from '../models/upscaleModel.js'
import type { UpscaleModel } from '../models/upscaleModel.js'
import type { TaskContext } from '../taskContext.js'
import { showSheets } from './showSheets.js'

const CLIP_FILE = 'clip.mp4'

/**
 * Makes a clip from words: writes clip.mp4 (H.264, nearly lossless, at the wanted size) and, after
 * every step, preview.png (a grid of all frames as they now look) into the output folder.
 *
 * @throws AppError `pack-failed`, `cancelled`, and what writing throws
 */
export async function generate(
  input: GenerateTaskInput,
  context: TaskContext,
): Promise<GenerateTaskResult> {
  const { pack, frames, outputFolder } = input
  const { signal } = context
  const started = performance.now()
  context.report({ phase: 'loading', done: 0, total: null })
  const model = await openPackModel(pack)
  const loaded = performance.now()
  let enlarger: UpscaleModel | null = null
  let reranker: Reranker | null = null
  try {
    // Opened before the long part: a pack that cannot be run is said at once.
    if ((input.sampling.candidates ?? 1) > 1) reranker = await openReranker(pack)
    enlarger = input.upscaler === null ? null : await openUpscaleModel(input.upscaler)
    const made = await sampleClip({
      ...{ pack, model, frames, signal },
      prompt: input.prompt,
      sampling: input.sampling,
      loop: input.loop,
      conditioning: null,
      start: null,
      reranker,
      finish: context.finish,
      ...showSheets(context, outputFolder, frames, toNumber(input.fps), pack.manifest),
    })
    const sampled = performance.now()
    await writeClip(input, made, enlarger, context)
    const written = performance.now()
    return {
      frames,
      steps: made.steps,
      chosen: made.chosen,
      enlarged:
        enlarger === null ? null : { provider: enlarger.provider, refused: enlarger.refused },
      provider: model.provider,
      refused: model.refused,
      phasesSeconds: {
        loading: (loaded - started) / 1000,
        sampling: (sampled - loaded) / 1000,
        [enlarger === null ? 'encoding' : 'enlarging']: (written - sampled) / 1000,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }
  } finally {
    await model.release()
    await reranker?.release()
    await enlarger?.release()
  }
}

/**
 * Enlarged by the network of an upscale pack, or by ffmpeg's Lanczos, which adds no detail and no
 * flicker and goes on where the network stops. CRF 12 at 4:2:0 is above what an enlarged small picture holds.
 */
async function writeClip(
  input: GenerateTaskInput,
  { clip, frames }: SampledClip,
  enlarger: UpscaleModel | null,
  context: TaskContext,
): Promise<void> {
  const small = input.pack.manifest
  const size = enlarger === null ? small : enlargedSize(small, input)
  const scale = `scale=${input.width}:${input.height}:flags=lanczos+accurate_rnd+full_chroma_int`
  const writer = openWriter(input.ffmpegPath, {
    input: rawInput({
      layout: 'rgb24',
      ...{ width: size.width, height: size.height },
      fps: input.fps,
    }),
    output: [
      ...['-vf', `${scale}:out_color_matrix=bt709:out_range=tv,format=yuv420p`],
      ...['-c:v', 'libx264', '-preset', 'medium', '-crf', '12', '-pix_fmt', 'yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
      ...['-color_range', 'tv', '-movflags', '+faststart', '-f', 'mp4'],
    ],
    path: join(input.outputFolder, CLIP_FILE),
    doing: 'write the generated clip',
    frameSize: size.width * size.height * 3,
    signal: context.signal,
  })
  const phase = enlarger === null ? 'encoding' : 'enlarging'
  try {
    for (let frame = 0; frame < frames; frame++) {
      const picture = frameOf(clip, frame, small)
      await writer.write(
        enlarger === null ? picture.data : toBytes(await enlarger.enlarge(picture, size)).data,
      )
      context.signal.throwIfAborted()
      context.report({ phase, done: frame + 1, total: frames })
    }
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}
