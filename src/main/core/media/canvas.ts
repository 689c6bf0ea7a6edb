import { placePicture } from '../../../shared/blend.js'
import type { OverlayLook } from '../../../shared/blend.js'
import { convertFrames } from '../../ffmpeg/convertFrames.js'
import { frameBytes, isYuv, planesOf } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { blendOver } from './blendFrame.js'
import type { ClipPicture, Composition, PictureSpan } from './exportPlan.js'
import { nativeFormat, sourceWithTakes } from '../../ffmpeg/takeFrames.js'

/**
 * What every output frame is: the timeline's size in the samples of its first source, so that a
 * source of that kind passes through without any arithmetic.
 */
export function canvasOf(composition: Composition): FrameFormat {
  const { width, height } = composition
  const first = composition.pictures.find(({ picture }) => picture !== null)?.picture
  if (first === undefined || first === null) {
    return { layout: 'yuv420p', width, height, colour: { matrix: 'bt709', range: 'tv' } }
  }
  const { layout, colour } = nativeFormat(first.source)
  return { layout, width, height, colour }
}

/** All output frames of a composition, in order; a frame may be the same buffer as the one before. */
export async function* canvasFrames(
  ffmpegPath: string,
  composition: Composition,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const canvas = canvasOf(composition)
  for (const { length, picture, overlays } of composition.pictures) {
    if (picture === null) {
      const black = blackFrame(canvas)
      for (let n = 0; n < length; n++) yield black
      continue
    }
    const frames = pictureFrames(ffmpegPath, picture, canvas, signal)
    if (overlays.length === 0) yield* frames
    else yield* withOverlays(ffmpegPath, frames, overlays, canvas, signal)
  }
}

/** Lays overlays over frames, each by its look; frames themselves are left as they are. */
async function* withOverlays(
  ffmpegPath: string,
  frames: AsyncGenerator<Uint8Array>,
  overlays: PictureSpan['overlays'],
  canvas: FrameFormat,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const above = overlays.map((overlay) => {
    const { width, height } = overlay.source.info
    const place = placedIn({ width, height }, canvas, overlay.look.fit)
    const format = { ...canvas, layout: 'rgb24', width: place.width, height: place.height } as const
    return { look: overlay.look, place, frames: heldFrames(ffmpegPath, overlay, format, signal) }
  })
  try {
    for await (const frame of frames) {
      // The same buffer may come again: what is laid over it must not add up.
      const out = frame.slice()
      for (const { look, place, frames: pictures } of above) {
        const next = await pictures.next()
        if (next.done !== true) blendOver(out, canvas, next.value, place, look)
      }
      yield out
    }
  } finally {
    await frames.return(undefined)
    await Promise.all(above.map(({ frames: pictures }) => pictures.return(undefined)))
  }
}

/** Size and corner of an overlay in the canvas, in whole pixels; a corner outside is cut off. */
function placedIn(
  size: { readonly width: number; readonly height: number },
  canvas: { readonly width: number; readonly height: number },
  fit: OverlayLook['fit'],
): { width: number; height: number; x: number; y: number } {
  const { scale, x, y } = placePicture(size, canvas, fit)
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  return {
    ...{ width: side(size.width), height: side(size.height) },
    ...{ x: Math.round(x), y: Math.round(y) },
  }
}

function pictureFrames(
  ffmpegPath: string,
  picture: ClipPicture,
  canvas: FrameFormat,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  return eachFrame(ffmpegPath, picture, signal, (native, format) =>
    isSame(format, canvas) ? native : letterboxed(ffmpegPath, native, format, canvas, signal),
  )
}

/** The frames of an overlay in another format, its shape changed by nothing but rounding. */
function heldFrames(
  ffmpegPath: string,
  picture: ClipPicture,
  to: FrameFormat,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  return eachFrame(ffmpegPath, picture, signal, (native, from) =>
    isSame(from, to) ? native : convertFrames(ffmpegPath, native, { from, to, signal }),
  )
}

/** A picture for each output frame; one that is held is the same buffer again. */
async function* eachFrame(
  ffmpegPath: string,
  { frames, takes, source }: ClipPicture,
  signal: AbortSignal | undefined,
  fit: (native: AsyncGenerator<Uint8Array>, format: FrameFormat) => AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const from = frames[0]
  const last = frames.at(-1)
  if (from === undefined || last === undefined) return
  const native = sourceWithTakes(ffmpegPath, source, { from, to: last + 1, takes, signal })
  const fitted = fit(native, nativeFormat(source))
  let at = from - 1
  let frame: Uint8Array | undefined
  try {
    for (const wanted of frames) {
      while (at < wanted) {
        const next = await fitted.next()
        if (next.done === true) return
        frame = next.value
        at++
      }
      if (frame !== undefined) yield frame
    }
  } finally {
    await fitted.return(undefined)
  }
}

function isSame(a: FrameFormat, b: FrameFormat): boolean {
  const sameColour =
    a.layout === 'rgb24' ||
    (a.colour.matrix === b.colour.matrix && a.colour.range === b.colour.range)
  return a.layout === b.layout && a.width === b.width && a.height === b.height && sameColour
}

/** Scales frames into the canvas without changing their shape, in the middle of black bars. */
async function* letterboxed(
  ffmpegPath: string,
  frames: AsyncGenerator<Uint8Array>,
  format: FrameFormat,
  canvas: FrameFormat,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const fit = fitInside(format, canvas)
  const target = { ...canvas, width: fit.width, height: fit.height }
  for await (const frame of convertFrames(ffmpegPath, frames, {
    from: format,
    to: target,
    signal,
  })) {
    if (fit.width === canvas.width && fit.height === canvas.height) {
      yield frame
      continue
    }
    const out = blackFrame(canvas)
    place(out, canvas, frame, target, fit)
    yield out
  }
}

/** The largest size of the same shape inside the canvas, on even places so that chroma lines up. */
export function fitInside(
  size: { readonly width: number; readonly height: number },
  canvas: { readonly width: number; readonly height: number },
): { width: number; height: number; x: number; y: number } {
  const scale = Math.min(canvas.width / size.width, canvas.height / size.height)
  const side = (length: number, limit: number): number => {
    const scaled = Math.round(length * scale)
    return scaled >= limit - 1 ? limit : Math.max(2, scaled - (scaled % 2))
  }
  const width = side(size.width, canvas.width)
  const height = side(size.height, canvas.height)
  const middle = (space: number): number => 2 * Math.floor(space / 4)
  return { width, height, x: middle(canvas.width - width), y: middle(canvas.height - height) }
}

function place(
  out: Uint8Array,
  canvas: FrameFormat,
  frame: Uint8Array,
  size: FrameFormat,
  at: { readonly x: number; readonly y: number },
): void {
  const { layout } = canvas
  if (!isYuv(layout)) {
    const step = frameBytes(layout, 1, 1)
    copyRows(
      out,
      canvas.width * step,
      (at.y * canvas.width + at.x) * step,
      frame,
      size.width * step,
      0,
      size.height,
    )
    return
  }
  const targets = planesOf(layout, canvas.width, canvas.height)
  planesOf(layout, size.width, size.height).forEach((plane, n) => {
    const target = targets[n]
    if (target === undefined) return
    const x = n === 0 ? at.x : Math.floor((at.x * target.width) / canvas.width + 0.5)
    const y = n === 0 ? at.y : Math.floor((at.y * target.height) / canvas.height + 0.5)
    const start = target.offset + y * target.width + x
    copyRows(out, target.width, start, frame, plane.width, plane.offset, plane.height)
  })
}

function copyRows(
  out: Uint8Array,
  outStride: number,
  outStart: number,
  data: Uint8Array,
  stride: number,
  start: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = start + row * stride
    out.set(data.subarray(from, from + stride), outStart + row * outStride)
  }
}

function blackFrame({ layout, width, height, colour }: FrameFormat): Uint8Array {
  const frame = new Uint8Array(frameBytes(layout, width, height))
  if (!isYuv(layout)) return frame
  frame.fill(colour.range === 'tv' ? 16 : 0, 0, width * height)
  frame.fill(128, width * height)
  return frame
}
