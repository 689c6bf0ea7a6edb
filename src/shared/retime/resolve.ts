import type { ParsedRetime } from '../edit/parsed.js'
import { framesOf } from '../edit/resolve.js'
import { toNumber } from '../rational.js'
import type { Rational } from '../rational.js'
import { RETIME_LIMITS } from './schema.js'
import type { RetimeOperation } from './operations.js'

/** How long a freeze stands still where nobody says. */
const FREEZE_SECONDS = 1

/**
 * What the words of a prompt ask of a range, in the order of the prompt. Times count from its first
 * frame; what lies outside of it is left out.
 *
 * @param range `frozen` is the frame that a freeze without a time means
 */
export function toRetimeOperations(
  parsed: readonly ParsedRetime[],
  range: { readonly frames: number; readonly fps: Rational; readonly frozen: number },
): RetimeOperation[] {
  const { frames, fps, frozen } = range
  return parsed.flatMap(({ kind, factor, start, when, seconds }): RetimeOperation[] => {
    const part = framesOf(when, { from: 0, to: frames, fps })
    if (kind === 'freeze') {
      if (part.from > frames) return []
      const at = when === null ? frozen : Math.min(frames - 1, part.from)
      const wanted = Math.round((seconds ?? FREEZE_SECONDS) * toNumber(fps))
      return [{ kind, at, frames: Math.max(1, Math.min(RETIME_LIMITS.frames, wanted)) }]
    }
    if (part.to <= part.from) return []
    if (kind === 'speed') return [{ kind, ...part, factor }]
    if (kind === 'ramp') return [{ kind, ...part, start, end: factor, easing: 'smooth' }]
    return [{ kind, ...part }]
  })
}
