import type { ErrorData } from '../../shared/contract/errors.js'
import { toErrorData } from '../../shared/contract/errors.js'
import type { OverlayLook } from '../../shared/blend.js'
import { sameData } from '../../shared/document/sameData.js'
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
  /** What to show for as long as this one cannot be read: it may still be in the making. */
  readonly instead?: WantedPicture
}

export interface Wanted {
  readonly source: WantedPicture | null
  readonly take: WantedPicture | null
  /** What the take is compared with in place of the source. */
  readonly other: WantedPicture | null
  /** Laid over the film, from the lowest to the highest. */
  readonly overlays: readonly (WantedPicture & { readonly look: OverlayLook })[]
  /** How the playhead travels, as a multiple of real time; 0 when paused. */
  readonly speed: number
}

export type LayerName = 'source' | 'take' | 'other' | `overlay${number}`

/** One layer of what is on screen. */
export interface ShownPicture {
  readonly picture: VideoFrame
  readonly of: WantedPicture
}

/** A layer over the film. */
export interface ShownOverlay extends ShownPicture {
  readonly look: OverlayLook
}

export interface Pictures {
  /** Borrowed: valid until the next change; draw it, do not close it. */
  shown(layer: LayerName): ShownPicture | null
  /** Overlays that have a picture, from the lowest to the highest. */
  overlays(): readonly ShownOverlay[]
  /** Why the picture asked for cannot be read, also while another is shown instead. */
  problem(layer: LayerName): ErrorData | null
  /** True when all layers show exactly what was asked for last, or what stands in for it (or cannot). */
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
  asked: WantedPicture | null
  shown: ShownPicture | null
  /** Of the picture asked for. */
  problem: ErrorData | null
  /** Nothing can be read, neither the picture asked for nor one instead. */
  stuck: boolean
  /** Counts requests, so that a late answer knows that it is late. */
  request: number
  /** The request whose answer is shown. */
  answered: number
}

function wantedOf({ asked, problem }: LayerState): WantedPicture | null {
  return problem === null ? asked : (asked?.instead ?? asked)
}

/** Keeps the pictures for the viewer: asks the files for frames and remembers the newest of each layer. */
export function createPictures(
  open: (path: string, fps: Rational) => Promise<FrameSource>,
): Pictures {
  const files = new Map<string, Promise<FrameSource>>()
  const fresh = (): LayerState => {
    return { asked: null, shown: null, problem: null, stuck: false, request: 0, answered: 0 }
  }
  const layers = new Map<LayerName, LayerState>([
    ['source', fresh()],
    ['take', fresh()],
    ['other', fresh()],
  ])
  const layerOf = (name: LayerName): LayerState => {
    const known = layers.get(name) ?? fresh()
    layers.set(name, known)
    return known
  }
  let looks: readonly OverlayLook[] = []
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
    const inUse = new Set([...layers.values()].map((layer) => wantedOf(layer)?.path))
    for (const other of [...files.keys()]) {
      if (files.size <= OPEN_FILES) break
      if (!inUse.has(other)) drop(other)
    }
    return file
  }

  const clear = (layer: LayerState): void => {
    layer.shown?.picture.close()
    layer.shown = null
  }

  const forgive = (layer: LayerState): void => {
    layer.problem = null
    layer.stuck = false
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
      // Pictures on the way are shown, but one still being decoded must not take the place of a
      // later one that was there already.
      const isLate = request < layer.answered
      if (isClosed() || isLate || wantedOf(layer)?.path !== wanted.path) {
        picture.close()
        return
      }
      layer.answered = request
      layer.shown?.picture.close()
      layer.shown = { picture, of: { ...wanted, frame } }
    } catch (error) {
      if (isClosed() || wantedOf(layer)?.path !== wanted.path) return
      drop(wanted.path)
      layer.problem ??= toErrorData(error)
      const instead = wantedOf(layer)
      if (instead !== null && instead.path !== wanted.path) void ask(layer, instead)
      else {
        clear(layer)
        layer.stuck = true
      }
    }
    tell()
  }

  /** @param stopped travelling has just ended: what is shown may be near, and has to be exact now */
  const showLayer = (layer: LayerState, asked: WantedPicture | null, stopped: boolean): void => {
    const before = wantedOf(layer)
    if (layer.asked?.path !== asked?.path) forgive(layer)
    layer.asked = asked
    const wanted = wantedOf(layer)
    if (wanted === null) {
      if (before === null) return
      layer.request += 1
      clear(layer)
      tell()
      return
    }
    if (layer.stuck) return
    if (before?.path === wanted.path && before.frame === wanted.frame && !stopped) return
    void ask(layer, wanted)
  }

  return {
    shown: (layer) => layers.get(layer)?.shown ?? null,
    overlays: () =>
      looks.flatMap((look, n) => {
        const shown = layers.get(`overlay${n}`)?.shown ?? null
        return shown === null ? [] : [{ ...shown, look }]
      }),
    problem: (layer) => layers.get(layer)?.problem ?? null,
    settled: () =>
      [...layers.values()].every((layer) => {
        const { shown, stuck } = layer
        const wanted = wantedOf(layer)
        if (wanted === null || stuck) return true
        return shown?.of.path === wanted.path && shown.of.frame === wanted.frame
      }),

    show(wanted) {
      if (closed) return
      const stopped = speed !== 0 && wanted.speed === 0
      speed = wanted.speed
      showLayer(layerOf('source'), wanted.source, stopped)
      showLayer(layerOf('take'), wanted.take, stopped)
      showLayer(layerOf('other'), wanted.other, stopped)
      const changed = !sameData(
        looks,
        wanted.overlays.map(({ look }) => look),
      )
      // Those that are gone are asked for nothing, which lets go of their pictures.
      const count = Math.max(looks.length, wanted.overlays.length)
      looks = wanted.overlays.map(({ look }) => look)
      for (let n = 0; n < count; n++) {
        showLayer(layerOf(`overlay${n}`), wanted.overlays[n] ?? null, stopped)
      }
      if (changed) tell()
    },

    retry() {
      for (const layer of layers.values()) {
        if (layer.problem === null || layer.asked === null) continue
        forgive(layer)
        void ask(layer, layer.asked)
      }
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    close() {
      closed = true
      listeners.clear()
      for (const layer of layers.values()) clear(layer)
      for (const path of [...files.keys()]) drop(path)
    },
  }
}
