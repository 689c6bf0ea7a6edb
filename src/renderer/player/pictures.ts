import type { ErrorData } from '../../shared/contract/errors.js'
import { toErrorData } from '../../shared/contract/errors.js'
import type { Rational } from '../../shared/rational.js'
import type { FrameSource } from './frameSource.js'

/** A frame of a prepared file, and how large the picture is meant to be (source pixels). */
export interface WantedPicture {
  /** Project-relative path of the proxy or take preview. */
  readonly path: string
  readonly fps: Rational
  readonly frame: number
  readonly width: number
  readonly height: number
}

export interface Wanted {
  readonly source: WantedPicture | null
  readonly take: WantedPicture | null
  /** How the playhead travels, as a multiple of real time; 0 when paused. */
  readonly speed: number
}

export type LayerName = 'source' | 'take'

/** One layer of what is on screen. */
export interface ShownPicture {
  readonly picture: VideoFrame
  readonly of: WantedPicture
}

export interface Pictures {
  /** Borrowed: valid until the next change; draw it, do not close it. */
  shown(layer: LayerName): ShownPicture | null
  problem(layer: LayerName): ErrorData | null
  /** True when both layers show exactly what was asked for last (or cannot). */
  settled(): boolean
  show(wanted: Wanted): void
  /** Opens again what failed: its file may be there now. */
  retry(): void
  subscribe(listener: () => void): () => void
  close(): void
}

/** Files open at a time: two clips around a cut, each with source and take. */
const OPEN_FILES = 4

interface LayerState {
  wanted: WantedPicture | null
  shown: ShownPicture | null
  problem: ErrorData | null
  /** Counts requests, so that a late answer knows that it is late. */
  request: number
}

/** Keeps the pictures for the viewer: asks the files for frames and remembers the newest of each layer. */
export function createPictures(
  open: (path: string, fps: Rational) => Promise<FrameSource>,
): Pictures {
  const files = new Map<string, Promise<FrameSource>>()
  const layers: Record<LayerName, LayerState> = {
    source: { wanted: null, shown: null, problem: null, request: 0 },
    take: { wanted: null, shown: null, problem: null, request: 0 },
  }
  const listeners = new Set<() => void>()
  let speed = 0
  let closed = false
  const isClosed = (): boolean => closed

  const tell = (): void => listeners.forEach((listener) => listener())

  const drop = (path: string): void => {
    const file = files.get(path)
    files.delete(path)
    file?.then((source) => source.close()).catch(() => undefined)
  }

  const fileOf = ({ path, fps }: WantedPicture): Promise<FrameSource> => {
    const file = files.get(path) ?? open(path, fps)
    // Last in the map = used last.
    files.delete(path)
    files.set(path, file)
    const inUse = new Set([layers.source.wanted?.path, layers.take.wanted?.path])
    for (const other of [...files.keys()]) {
      if (files.size <= OPEN_FILES) break
      if (!inUse.has(other)) drop(other)
    }
    return file
  }

  const clear = (layer: LayerState): void => {
    layer.shown?.picture.close()
    layer.shown = null
    layer.problem = null
  }

  const ask = async (layer: LayerState, wanted: WantedPicture): Promise<void> => {
    const request = (layer.request += 1)
    try {
      const file = await fileOf(wanted)
      // The file took long to open and the playhead has moved on: the newer call asks.
      if (isClosed() || request !== layer.request) return
      const found = await file.request(wanted.frame, speed)
      if (found === null) return
      const { frame, picture } = found
      if (isClosed() || layer.wanted?.path !== wanted.path) {
        picture.close()
        return
      }
      layer.shown?.picture.close()
      layer.shown = { picture, of: { ...wanted, frame } }
      layer.problem = null
    } catch (error) {
      if (isClosed() || layer.wanted?.path !== wanted.path) return
      drop(wanted.path)
      clear(layer)
      layer.problem = toErrorData(error)
    }
    tell()
  }

  /** @param stopped travelling has just ended: what is shown may be near, and has to be exact now */
  const showLayer = (layer: LayerState, wanted: WantedPicture | null, stopped: boolean): void => {
    const before = layer.wanted
    layer.wanted = wanted
    if (wanted === null) {
      if (before === null) return
      layer.request += 1
      clear(layer)
      tell()
      return
    }
    if (before?.path !== wanted.path) layer.problem = null
    if (layer.problem !== null) return
    if (before?.path === wanted.path && before.frame === wanted.frame && !stopped) return
    void ask(layer, wanted)
  }

  return {
    shown: (layer) => layers[layer].shown,
    problem: (layer) => layers[layer].problem,
    settled: () =>
      Object.values(layers).every(
        ({ wanted, shown, problem }) =>
          wanted === null ||
          problem !== null ||
          (shown?.of.path === wanted.path && shown.of.frame === wanted.frame),
      ),

    show(wanted) {
      if (closed) return
      const stopped = speed !== 0 && wanted.speed === 0
      speed = wanted.speed
      showLayer(layers.source, wanted.source, stopped)
      showLayer(layers.take, wanted.take, stopped)
    },

    retry() {
      for (const layer of Object.values(layers)) {
        if (layer.problem === null || layer.wanted === null) continue
        layer.problem = null
        void ask(layer, layer.wanted)
      }
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    close() {
      closed = true
      listeners.clear()
      for (const layer of Object.values(layers)) clear(layer)
      for (const path of [...files.keys()]) drop(path)
    },
  }
}
