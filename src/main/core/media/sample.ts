import { rm, writeFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { throwIfAborted } from '../../ffmpeg/children.js'
import { conversion } from '../../ffmpeg/filters.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import { inputOf } from '../../ffmpeg/paths.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { colourTags } from './colourTags.js'
import { writeWhole } from './files.js'
import { balloonAt, drawBalloon } from './sample/balloon.js'
import type { BalloonPlace } from './sample/balloon.js'
import { composeSound } from './sample/sound.js'
import { DETAIL, paintWorld } from './sample/world.js'
import type { Painting } from './sample/world.js'

/** The clip of the sample project: a balloon drifts over hills while the camera pans. */
export const SAMPLE = {
  width: 640,
  height: 360,
  frames: 144,
  fps: { num: 24, den: 1 },
} as const

const SECONDS = SAMPLE.frames / SAMPLE.fps.num
const SAMPLE_RATE = 48_000

/** The renderer of the clip's pictures, with and without the balloon. */
export interface SampleScene {
  /** Picture n as RGB, `SAMPLE` in size. Without the balloon it is the truth a removal should find. */
  frame(n: number, options?: { readonly balloon: boolean }): Uint8Array
  /** Coverage 0..255 of the balloon in picture n. */
  mask(n: number): Uint8Array
  place(n: number): BalloonPlace
  /** The world's place of picture n's upper left corner, in pixels: the whole camera motion. */
  camera(n: number): { readonly x: number; readonly y: number }
}

/** Paints the world; takes about a second. The same every time, everywhere. */
export function createSampleScene(): SampleScene {
  const world = softened(paintWorld())
  const place = (n: number): BalloonPlace => balloonAt(n / SAMPLE.fps.num, SECONDS)
  const turn = (n: number): number => 0.9 + 0.16 * (n / SAMPLE.fps.num)
  return {
    place,
    camera: (n) => cameraAt(n / SAMPLE.fps.num),
    frame(n, { balloon } = { balloon: true }) {
      const rgb = view(world, cameraAt(n / SAMPLE.fps.num))
      if (balloon) drawBalloon(rgb, SAMPLE, place(n), turn(n))
      return rgb
    },
    mask: (n) => drawBalloon(null, SAMPLE, place(n), turn(n)),
  }
}

/**
 * Renders the sample clip to an MP4, byte for byte the same with the same ffmpeg.
 *
 * @throws AppError `disk-full`, `disk-write`, `cancelled`, `ffmpeg-failed`
 */
export async function renderSampleClip(options: {
  readonly tools: FfmpegTools
  readonly path: string
  readonly signal?: AbortSignal
}): Promise<void> {
  const { tools, path, signal } = options
  const scene = createSampleScene()
  const pictures = { ...SAMPLE, layout: 'rgb24', colour: { matrix: 'bt709', range: 'pc' } } as const
  const video = {
    ...pictures,
    layout: 'yuv420p',
    colour: { matrix: 'bt709', range: 'tv' },
  } as const
  await writeWhole(path, async (temporary) => {
    const sound = `${temporary}.f32`
    await writeFile(sound, composeSound(SECONDS, SAMPLE_RATE))
    const writer = openWriter(tools.ffmpeg, {
      input: [
        ...rawInput(pictures),
        ...['-f', 'f32le', '-ar', String(SAMPLE_RATE), '-ac', '2'],
        ...inputOf(sound),
      ],
      output: [
        ...['-map', '0:v', '-vf', conversion(pictures, video), '-pix_fmt', 'yuv420p'],
        ...['-c:v', 'libx264', '-preset', 'fast', '-crf', '21', '-threads', '2'],
        ...colourTags(video.colour, { primaries: 'bt709', transfer: 'bt709' }),
        ...['-map', '1:a', '-c:a', 'aac', '-b:a', '96k', '-flags', '+bitexact'],
        ...['-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'],
      ],
      path: temporary,
      doing: 'write the sample clip',
      frameSize: SAMPLE.width * SAMPLE.height * 3,
      signal,
    })
    try {
      for (let n = 0; n < SAMPLE.frames; n++) {
        throwIfAborted(signal)
        await writer.write(scene.frame(n))
        // Drawing keeps the thread busy; requests and cancellation get their turn.
        await setImmediate()
      }
      await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    } finally {
      await rm(sound, { force: true })
    }
  })
}

/** Upper left corner of what the camera sees, in world pixels: a slow pan that breathes. */
function cameraAt(seconds: number): { x: number; y: number } {
  const share = seconds / SECONDS
  const eased = share * share * (3 - 2 * share)
  return {
    x: 10 + 240 * (0.5 * share + 0.5 * eased),
    y: 12 + 6 * Math.sin(share * Math.PI * 1.3 - 0.4),
  }
}

/** Averages each sample with its neighbours to the right and below, so that one look-up covers a pixel. */
function softened(painting: Painting): Painting {
  const { width, height, data } = painting
  const out = new Float32Array(data.length)
  const stride = width * 3
  for (let y = 0; y < height; y++) {
    const below = y + 1 < height ? stride : 0
    for (let x = 0; x < width; x++) {
      const right = x + 1 < width ? 3 : 0
      const at = y * stride + x * 3
      for (let c = at; c < at + 3; c++) {
        const sum = (data[c] ?? 0) + (data[c + right] ?? 0) + (data[c + below] ?? 0)
        out[c] = (sum + (data[c + right + below] ?? 0)) / 4
      }
    }
  }
  return { width, height, data: out }
}

/** What the camera sees, with sub-pixel precision. */
function view(world: Painting, camera: { readonly x: number; readonly y: number }): Uint8Array {
  const { width, height } = SAMPLE
  const rgb = new Uint8Array(width * height * 3)
  const left = Math.floor(camera.x * DETAIL)
  const top = Math.floor(camera.y * DETAIL)
  const fx = camera.x * DETAIL - left
  const fy = camera.y * DETAIL - top
  const weights = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy] as const
  const stride = world.width * 3
  const { data } = world
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = (top + y * DETAIL) * stride + left * 3
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const value =
          (data[from + c] ?? 0) * weights[0] +
          (data[from + c + 3] ?? 0) * weights[1] +
          (data[from + c + stride] ?? 0) * weights[2] +
          (data[from + c + stride + 3] ?? 0) * weights[3]
        rgb[to++] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5
      }
      from += DETAIL * 3
    }
  }
  return rgb
}
