import { readFile } from 'node:fs/promises'
import { decode } from 'fast-png'
import { AppError } from '../../../../shared/contract/errors.js'
import type { StyliseTaskInput } from '../../../../shared/contract/stylise.js'
import { matchColours } from '../../../../shared/grade/colourMatch.js'
import { createColourPool } from '../../../../shared/grade/colourStats.js'
import type { ColourMap } from '../../../../shared/edit/operations.js'
import { lookUp } from '../../../../shared/grade/lut.js'
import type { Lut } from '../../../../shared/grade/lut.js'
import { planGrade } from '../../../../shared/grade/plan.js'
import { paintedIn } from '../../../../shared/style.js'
import type { Picture, Size } from '../../vision/image.js'
import type { PaintedKey } from '../../vision/stylise/carry/keys.js'
import type { Way } from '../../vision/stylise/carry/way.js'
import { resample } from '../../vision/stylise/resample.js'
import type { Network } from './network.js'
import { MOST_HELD, readReference } from './network.js'
import { networkPainter } from './networkKeys.js'
import type { OtherPainter } from './networkKeys.js'
import { readAt, spread } from '../shown.js'

/** Frames whose colours say what stands in where no key frame reaches. */
const SAMPLES = 6
/**
 * Keys of the network that hold on to each other. Then one is painted afresh: going on from any
 * frame has to begin no farther back.
 */
const CHAIN = 8
/** Longer side at which colours are measured. */
const SIDE = 320

/** Paints key frames: those that a hand has painted, and others where something paints for it. */
export interface KeyPainter {
  /** True where this frame is planned as a key. */
  isKey(frame: number): boolean
  /** Any frame becomes a key; false where all keys are painted by hand. */
  readonly paintsAny: boolean
  /**
   * A frame at the size of `picture`.
   *
   * @param way to the key frame that was painted before this one, for paint that is to stay; null
   * where there is none in its scene
   */
  paint(frame: number, picture: Picture, way: Way | null): Promise<PaintedKey>
  /** The last key at or before this frame that is painted whatever was painted before; null without one. */
  freshBefore(frame: number): number | null
  /**
   * From the colours of the clip to those of its key frames. Null where key frames are transparent
   * in places: what they leave free is to be left free.
   */
  readonly toPaint: Lut | null
}

/** @throws AppError `reference-invalid`, `media-damaged`, `cancelled`, and what reading throws */
export async function openKeyPainter(
  input: StyliseTaskInput,
  network: Network | null,
  signal: AbortSignal,
): Promise<KeyPainter> {
  const { params, range } = input
  const byHand = new Map(paintedIn(input.painted, range).map(({ frame, path }) => [frame, path]))
  const { paint: paintOther, forget } = await otherPainter(input, network, signal)
  const keys = planKeys(range, [...byHand.keys()], paintOther === null ? null : params.keyEvery)

  const chained = params.keyBy === 'network'
  async function paint(frame: number, picture: Picture, way: Way | null): Promise<PaintedKey> {
    const path = byHand.get(frame)
    if (path !== undefined) {
      forget()
      return readPainted(path, input.source.info, picture)
    }
    if (paintOther === null) throw new AppError('internal', `Nothing paints frame ${frame}.`)
    const isFresh = !chained || keys.indexOf(frame) % CHAIN === 0
    return opaque(await paintOther(picture, isFresh ? null : way), picture)
  }

  return {
    isKey: (frame) => keys.includes(frame),
    paintsAny: paintOther !== null,
    paint,
    freshBefore: (frame) =>
      keys.findLast((key, at) => (at % CHAIN === 0 || !chained) && key <= frame) ?? null,
    toPaint: await measure(input, { keys, paint, network }, signal),
  }
}

/** Where key frames stand: those painted by hand, and others evenly where none of those is near. */
export function planKeys(
  { from, to }: { readonly from: number; readonly to: number },
  byHand: readonly number[],
  every: number | null,
): number[] {
  const keys = new Set(byHand)
  if (every !== null) {
    const isFree = (frame: number): boolean =>
      byHand.every((other) => Math.abs(other - frame) * 2 >= every)
    for (let frame = from; frame < to; frame += every) if (isFree(frame)) keys.add(frame)
    if (isFree(to - 1)) keys.add(to - 1)
  }
  return [...keys].sort((a, b) => a - b)
}

async function otherPainter(
  input: StyliseTaskInput,
  network: Network | null,
  signal: AbortSignal,
): Promise<OtherPainter> {
  const { params, range, source, reference, ffmpegPath } = input
  const forget = (): void => undefined
  if (params.keyBy === 'hand') return { paint: null, forget }
  if (params.keyBy === 'network') {
    if (network === null) throw new AppError('internal', 'There is no network to paint with.')
    return networkPainter(network, params.smoothing * MOST_HELD)
  }
  const clip = createColourPool()
  const frames = spread(range.from, range.to, SAMPLES)
  for (const one of await readAt(ffmpegPath, source, frames, smallSize(source.info), signal)) {
    clip.add(toRgba(one), null)
  }
  const wanted = createColourPool()
  wanted.add(toRgba(await readReference(ffmpegPath, reference, SIDE, signal)), null)
  const lut = tableOf(matchColours(clip.stats(), wanted.stats(), false), params.strength)
  const paint = (picture: Picture): Promise<Float32Array> => {
    const colours = Float32Array.from(picture.data, (value) => value / 255)
    lookUp(lut, colours)
    for (let n = 0; n < colours.length; n++) colours[n] = colours[n]! * 255
    return Promise.resolve(colours)
  }
  return { paint, forget }
}

/** Pools some key frames with and without their paint. */
async function measure(
  { source, ffmpegPath }: StyliseTaskInput,
  from: {
    readonly keys: readonly number[]
    readonly paint: (frame: number, picture: Picture, way: null) => Promise<PaintedKey>
    readonly network: Network | null
  },
  signal: AbortSignal,
): Promise<Lut | null> {
  const { keys, paint, network } = from
  // The width of strokes depends on the size that a network works at.
  const size = network?.work ?? smallSize(source.info)
  const [before, after] = [createColourPool(), createColourPool()]
  for (const n of spread(0, keys.length, SAMPLES)) {
    const key = keys[n] ?? 0
    const [picture] = await readAt(ffmpegPath, source, [key], size, signal)
    if (picture === undefined) continue
    const painted = await paint(key, picture, null)
    if (painted.data.some((value, at) => at % 4 === 3 && value < 255)) return null
    before.add(toRgba(picture), null)
    after.add(painted.data, null)
    signal.throwIfAborted()
  }
  return tableOf(matchOrFollow(before.stats(), after.stats()), 1)
}

type Stats = ReturnType<ReturnType<typeof createColourPool>['stats']>

/** One colour alone cannot be matched: then colours keep their differences, about its mean. */
function matchOrFollow(before: Stats, after: Stats): ColourMap {
  try {
    return matchColours(before, after, false)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const offset = after.mean.map((value, c) => value - (before.mean[c] ?? 0))
    return { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset }
  }
}

function tableOf(map: ColourMap, strength: number): Lut {
  const keys = [{ frame: 0, value: strength }]
  const match = { kind: 'match', keys, keepSkin: false, reference: '', map } as const
  const lut = planGrade([match])(0)?.lut
  if (lut === null || lut === undefined) throw new AppError('edit-empty', 'Nothing would change.')
  return lut
}

/** A frame that was painted by hand, as core has stored it: RGBA at the size of the source. */
async function readPainted(path: string, source: Size, to: Size): Promise<PaintedKey> {
  const png = await readFile(path).then(decode, () => null)
  const fits = png?.width === source.width && png.height === source.height
  if (png === null || !fits || png.channels !== 4 || png.depth !== 8) {
    throw new AppError('reference-missing', 'A painted frame is not there any more, or damaged.', {
      hint: 'Add it again.',
      detail: path,
    })
  }
  const data = new Float32Array(png.data.length)
  for (let n = 0; n < data.length; n += 4) {
    const alpha = png.data[n + 3]!
    for (let c = 0; c < 3; c++) data[n + c] = (png.data[n + c]! * alpha) / 255
    data[n + 3] = alpha
  }
  const { width, height } = source
  const sized = resample({ width, height, channels: 4, data }, to).data
  return { width: to.width, height: to.height, data: toBytes(sized) }
}

function opaque(colours: Float32Array, { width, height }: Size): PaintedKey {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let n = 0; n < width * height; n++) {
    data[n * 4] = colours[n * 3]!
    data[n * 4 + 1] = colours[n * 3 + 1]!
    data[n * 4 + 2] = colours[n * 3 + 2]!
    data[n * 4 + 3] = 255
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

/** The array rounds and clamps. */
const toBytes = (values: Float32Array): Uint8Array =>
  new Uint8Array(new Uint8ClampedArray(values).buffer)

function toRgba({ width, height, data }: Picture): Uint8Array {
  const out = new Uint8Array(width * height * 4).fill(255)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out[to] = data[from]!
    out[to + 1] = data[from + 1]!
    out[to + 2] = data[from + 2]!
  }
  return out
}

function smallSize({ width, height }: Size): Size {
  const scale = Math.min(1, SIDE / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}
