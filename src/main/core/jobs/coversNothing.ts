import type { AssetRec, MaskRec } from '../../../shared/document/model.js'
import { keyframesOf, maskAt } from '../../../shared/mask/index.js'
import { maskSourceAt } from '../../../shared/mask/keyframes.js'
import type { PaintedFrame } from '../../../shared/mask/keyframes.js'
import { loadBitmaps } from '../maskFiles.js'

interface Stretch {
  readonly from: number
  readonly to: number
}

/** Longest side at which is looked first: enough for all but specks. */
const SMALL = 320

/** Of a mask and a stretch, which are both the same objects until they change. */
const known = new WeakMap<MaskRec, Map<string, Promise<boolean>>>()

/**
 * True where a mask covers no pixel in a stretch of frames: nothing painted, everything erased
 * again, pictures that are black all over. Said before a job begins, not after its analysis. What
 * cannot be read is not called empty: the job itself says what is wrong with it.
 *
 * @param least coverage, 1 to 255, from which the verb in question does anything
 */
export function coversNothing(
  folder: string,
  { mask, asset }: { readonly mask: MaskRec; readonly asset: AssetRec },
  stretch: Stretch,
  least: number,
): Promise<boolean> {
  const answers = known.get(mask) ?? new Map<string, Promise<boolean>>()
  known.set(mask, answers)
  const question = `${folder} ${stretch.from}-${stretch.to} ${least}`
  const answer =
    answers.get(question) ??
    look(folder, { mask, asset }, stretch, least).catch(() => {
      // A picture that was not there may come back.
      answers.delete(question)
      return false
    })
  answers.set(question, answer)
  return answer
}

async function look(
  folder: string,
  { mask, asset }: { readonly mask: MaskRec; readonly asset: AssetRec },
  stretch: Stretch,
  least: number,
): Promise<boolean> {
  // Softness takes nothing away; only the plain shape is needed.
  const plain: MaskRec = { ...mask, feather: 0, grow: Math.min(0, mask.grow) }
  const full = { width: asset.info.width, height: asset.info.height }
  const scale = Math.min(1, SMALL / Math.max(full.width, full.height))
  const small = { width: Math.ceil(full.width * scale), height: Math.ceil(full.height * scale) }
  const frames = keysIn(plain, stretch)
  if (frames.length === 0) return !mask.inverted
  for (const one of frames) {
    const alone: MaskRec = { ...plain, keyframes: { [String(one.frame)]: one.shapes } }
    const bitmaps = await loadBitmaps(folder, alone)
    for (const size of [small, full]) {
      const data = maskAt(alone, one.frame, full, size, bitmaps)
      if (data.some((value) => value >= least)) return false
    }
  }
  return true
}

/** Every key frame that something of the stretch is drawn from. */
function keysIn(mask: MaskRec, { from, to }: Stretch): readonly PaintedFrame[] {
  const all = keyframesOf(mask)
  const shown = [from, to - 1].flatMap((frame) => {
    const source = maskSourceAt(mask, frame)
    if (source.kind === 'none') return []
    return source.kind === 'one' ? [source.shapes] : [source.before, source.after]
  })
  return all.filter(
    ({ frame, shapes }) => (frame >= from && frame < to) || shown.some((one) => one === shapes),
  )
}
