import type { PackSource } from '../../../shared/contract/sources.js'
import { openVocabulary } from './packModel.js'
import { openSession, runtimeOrThrow } from './session.js'

/** A clip, or the part of one that a pass makes: `[frames, 3, height, width]` in -1..1. */
export interface ClipView {
  readonly clip: Float32Array
  /** The frames that are meant, in order: as many as a pass has. */
  readonly frames: readonly number[]
  readonly width: number
  readonly height: number
}

/** How well words and a clip fit, in nats: 0 says nothing for or against. */
export interface Agreement {
  readonly plain: number
  /** Of the clip's mirror image, which a world without writing makes as readily. */
  readonly mirrored: number
}

/** The network that compares a prompt with clips. */
export interface Reranker {
  agreement(prompt: string, view: ClipView): Promise<Agreement>
  release(): Promise<void>
}

/**
 * Loads a pack's reranker, which core has verified; null where the pack has none.
 *
 * It is small: the processor runs it in hundredths of a second, whatever runs the clip's network.
 *
 * @throws AppError `pack-failed`; Error when the graph is not what the manifest says
 */
export async function openReranker({ folder, manifest }: PackSource): Promise<Reranker | null> {
  const { reranker } = manifest.components
  if (reranker === undefined) return null
  const runtime = await runtimeOrThrow()
  const tokenizer = await openVocabulary(folder, manifest)
  const shapes = new Map(reranker.inputs.map(({ name, shape }) => [name, shape]))
  const [, count = 0, , height = 0, width = 0] = shapes.get('clip') ?? []
  const session = await openSession(runtime, folder, reranker, 'cpu')

  async function agree(tokens: readonly number[], pictures: Float32Array): Promise<number> {
    const ids = BigInt64Array.from(tokens, BigInt)
    const out = await session.run({
      tokens: new runtime.Tensor('int64', ids, shapes.get('tokens') ?? []),
      clip: new runtime.Tensor('float32', pictures, shapes.get('clip') ?? []),
    })
    const parts = out['agreement']?.data as Float32Array
    return parts.reduce((sum, part) => sum + part, 0)
  }

  return {
    async agreement(prompt, view) {
      const tokens = tokenizer.encode(prompt)
      const seen = shrink(view, { count, width, height })
      const plain = await agree(tokens, seen)
      return { plain, mirrored: await agree(tokens, mirrorRows(seen, width)) }
    },
    release: () => session.release(),
  }
}

/** Every row from right to left: of pictures in planes, of masks, of noise. */
export function mirrorRows(planes: Float32Array, width: number): Float32Array {
  const out = new Float32Array(planes.length)
  for (let row = 0; row < planes.length; row += width) {
    for (let x = 0; x < width; x++) out[row + x] = planes[row + width - 1 - x]!
  }
  return out
}

/** Evenly chosen frames, each cell the mean of the pixels it touches, in 0..1: as training looks at clips. */
function shrink(
  { clip, frames, width, height }: ClipView,
  to: { readonly count: number; readonly width: number; readonly height: number },
): Float32Array {
  const out = new Float32Array(to.count * 3 * to.height * to.width)
  const columns = cells(width, to.width)
  const rows = cells(height, to.height)
  let at = 0
  for (let n = 0; n < to.count; n++) {
    const pick = Math.floor((n * (frames.length - 1)) / (to.count - 1) + 0.5)
    for (let c = 0; c < 3; c++) {
      const plane = (frames[pick]! * 3 + c) * width * height
      for (const [top, bottom] of rows) {
        for (const [left, right] of columns) {
          let sum = 0
          for (let y = top; y < bottom; y++) {
            for (let x = left; x < right; x++) {
              sum += Math.min(1, Math.max(-1, clip[plane + y * width + x]!))
            }
          }
          out[at++] = (sum / ((bottom - top) * (right - left)) + 1) / 2
        }
      }
    }
  }
  return out
}

/** Where each of `count` cells begins and ends on a side of `length` pixels; neighbours may share one. */
function cells(length: number, count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, n) => [
    Math.floor((n * length) / count),
    Math.ceil(((n + 1) * length) / count),
  ])
}
