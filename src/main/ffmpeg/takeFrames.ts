import type { Layer } from '../../shared/document/layers.js'
import { TAKE_FILES } from '../../shared/projectPaths.js'
import { readFrames, readTake } from './frames.js'
import type { FrameSource } from './frames.js'
import { nativeLayout } from './layout.js'
import type { FrameFormat } from './layout.js'
import { overlayTake } from './overlayTake.js'

/** A take's file with the source frames `[from, to)` it belongs to. */
export interface PlacedTake {
  readonly path: string
  readonly from: number
  readonly to: number
  /** Part of those that shows it; the whole when absent. */
  readonly shown?: { readonly from: number; readonly to: number }
}

/** @param pathOf absolute path of a project-relative one */
export function placedTake(
  { take, from, to }: Layer,
  pathOf: (projectPath: string) => string,
): PlacedTake {
  const path = pathOf(`${take.path}/${TAKE_FILES.video}`)
  return { path, from: take.from, to: take.to, shown: { from, to } }
}

/** The source's own planes, colours and size: the only ones a take may be laid over. */
export function nativeFormat({ info }: FrameSource): FrameFormat {
  const { width, height, colour } = info
  return { layout: nativeLayout(info), width, height, colour }
}

/**
 * The frames `[from, to)` of a source in its {@link nativeFormat}, with takes laid over it, later ones above earlier ones.
 * Every path that shows or writes an accepted take goes through here.
 *
 * @param options.layout the frames in these samples instead
 */
export async function* sourceWithTakes(
  ffmpegPath: string,
  source: FrameSource,
  options: {
    readonly from: number
    readonly to: number
    readonly takes: readonly PlacedTake[]
    readonly layout?: 'rgb24'
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<Uint8Array> {
  const { from, to, signal } = options
  const native = nativeFormat(source)
  const format = options.layout === undefined ? native : { ...native, layout: options.layout }
  const layers = options.takes.flatMap((take) => {
    const first = Math.max(from, take.from, take.shown?.from ?? 0)
    const end = Math.min(to, take.to, take.shown?.to ?? Infinity)
    if (end <= first) return []
    const { width, height } = format
    const range = { from: first - take.from, to: end - take.from }
    const frames = readTake(ffmpegPath, take.path, {
      ...range,
      layout: 'rgba',
      width,
      height,
      signal,
    })
    return [{ first, end, frames }]
  })
  let index = from
  try {
    for await (const frame of readFrames(ffmpegPath, source, { from, to, ...format, signal })) {
      for (const layer of layers) {
        if (index < layer.first || index >= layer.end) continue
        const next = await layer.frames.next()
        if (next.done !== true) overlayTake(frame, next.value, format)
      }
      index++
      yield frame
    }
  } finally {
    await Promise.all(layers.map((layer) => layer.frames.return(undefined)))
  }
}
