import { LEFTOVER_KINDS, type FoundLeftovers, type LeftoverKind } from '../contract/leftovers.js'
import type { Command } from '../document/commands.js'
import type { MaskKeyframe, MaskRec } from '../document/model.js'
import { maskSourceAt } from './keyframes.js'

/**
 * The commands that add to a mask what it was found to leave out. What was tracked stays tracked:
 * nobody painted there, and tracking again must not stop at it.
 */
export function addFound(
  mask: MaskRec,
  leftovers: FoundLeftovers,
  kinds: readonly LeftoverKind[] = LEFTOVER_KINDS,
): readonly Command[] {
  const found = shapesOf(leftovers, kinds)
  const commands: Command[] = []
  const grown = (key: string, shapes: MaskKeyframe): MaskKeyframe => [
    ...shapes,
    ...(found[key] ?? []),
  ]
  for (const key of Object.keys(found)) {
    if (mask.tracked?.[key] !== undefined && mask.keyframes[key] !== undefined) continue
    const shown = maskSourceAt(mask, Number(key))
    const own = mask.keyframes[key] ?? (shown.kind === 'one' ? shown.shapes : [])
    const shapes = grown(key, own)
    commands.push({ type: 'mask.setKeyframe', id: mask.id, frame: Number(key), shapes })
  }
  for (const { from, confidence } of trackedRuns(mask)) {
    const to = from + confidence.length
    const inside = Object.entries(mask.keyframes).filter(
      ([key]) => Number(key) >= from && Number(key) < to,
    )
    if (!inside.some(([key]) => found[key] !== undefined)) continue
    const keyframes = Object.fromEntries(
      inside.map(([key, shapes]) => [key, grown(key, shapes)] as const),
    )
    commands.push({ type: 'mask.track', id: mask.id, from, to, keyframes, confidence })
  }
  return commands
}

/** The shapes of these kinds by frame. */
export function shapesOf(
  leftovers: FoundLeftovers,
  kinds: readonly LeftoverKind[],
): Readonly<Record<string, MaskKeyframe>> {
  const shapes: Record<string, MaskKeyframe> = {}
  for (const kind of kinds) {
    for (const [frame, own] of Object.entries(leftovers[kind])) {
      shapes[frame] = [...(shapes[frame] ?? []), ...own]
    }
  }
  return shapes
}

/** Stretches of tracked frames without a gap. */
function trackedRuns({ tracked = {} }: MaskRec): readonly {
  readonly from: number
  readonly confidence: readonly number[]
}[] {
  const runs: { from: number; confidence: number[] }[] = []
  const frames = Object.keys(tracked)
    .map(Number)
    .sort((a, b) => a - b)
  for (const frame of frames) {
    const last = runs.at(-1)
    const value = tracked[String(frame)] ?? 0
    if (last !== undefined && frame === last.from + last.confidence.length) {
      last.confidence.push(value)
    } else runs.push({ from: frame, confidence: [value] })
  }
  return runs
}
