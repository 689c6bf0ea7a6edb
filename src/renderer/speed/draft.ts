import { create } from 'zustand'
import type { Id } from '../../shared/document/model.js'
import type { RetimeOperation, RetimeParams } from '../../shared/retime/operations.js'

/** The change of speed that is being put together, for one clip at a time. */
export interface SpeedDraft extends RetimeParams {
  /** The clip in hand; null while the panel is closed. */
  readonly clipId: Id | null
  /** Timeline frames; null is the whole clip. */
  readonly range: { readonly from: number; readonly to: number } | null
  /** What was changed about operations read from words, as long as the words stay as they are. */
  readonly fromWords: {
    readonly words: string
    readonly operations: readonly RetimeOperation[]
  } | null
  readonly change: (changes: Partial<Omit<SpeedDraft, 'change'>>) => void
}

const EMPTY: Pick<SpeedDraft, 'range' | keyof RetimeParams> = {
  range: null,
  operations: [],
  smoothness: 'interpolate',
  keepPitch: true,
}

export const useSpeed = create<SpeedDraft>()((set) => ({
  ...EMPTY,
  clipId: null,
  fromWords: null,
  change: (changes) => set(changes),
}))

/** Opens the panel for a clip, with what has been read from words or with nothing yet. */
export function openSpeed(
  clipId: Id,
  start: Partial<Pick<SpeedDraft, 'range' | 'operations'>> = {},
): void {
  useSpeed.setState({ ...EMPTY, ...start, clipId })
}

export function closeSpeed(): void {
  useSpeed.setState({ clipId: null })
}

type Spanning = Extract<RetimeOperation, { readonly from: number }>

/** True for an operation on a stretch of frames rather than at one. */
export function isSpanning(operation: RetimeOperation): operation is Spanning {
  return operation.kind !== 'freeze'
}

function isWhole(operation: RetimeOperation, frames: number): boolean {
  return isSpanning(operation) && operation.from === 0 && operation.to === frames
}

/** The even speed of the whole range, where that is all that is said about speed. */
export function wholeFactor(operations: readonly RetimeOperation[], frames: number): number | null {
  const speeds = operations.filter(({ kind }) => kind === 'speed' || kind === 'ramp')
  const [only] = speeds
  if (only === undefined) return 1
  return speeds.length === 1 && only.kind === 'speed' && isWhole(only, frames) ? only.factor : null
}

/** Plays the whole range at one speed, in place of what was said about its speed. */
export function withFactor(
  operations: readonly RetimeOperation[],
  frames: number,
  factor: number,
): RetimeOperation[] {
  const rest = operations.filter(({ kind }) => kind !== 'speed' && kind !== 'ramp')
  return factor === 1 ? rest : [...rest, { kind: 'speed', from: 0, to: frames, factor }]
}

/** From one speed to another over the whole range, in place of what was said about its speed. */
export function withRamp(
  operations: readonly RetimeOperation[],
  frames: number,
): RetimeOperation[] {
  const rest = operations.filter(({ kind }) => kind !== 'speed' && kind !== 'ramp')
  const ramp = { kind: 'ramp', from: 0, to: frames, start: 1, end: 0.25, easing: 'smooth' } as const
  return [...rest, ramp]
}

/** Adds an operation over the whole range, or takes it away where it is there already. */
export function toggled(
  operations: readonly RetimeOperation[],
  kind: 'reverse' | 'ping-pong',
  frames: number,
): RetimeOperation[] {
  const rest = operations.filter((one) => one.kind !== kind)
  return rest.length < operations.length ? rest : [...rest, { kind, from: 0, to: frames }]
}

/** Operations for a range of another length: what spanned all of it still does. */
export function refitted(
  operations: readonly RetimeOperation[],
  before: number,
  after: number,
): RetimeOperation[] {
  return operations.flatMap((one): RetimeOperation[] => {
    if (!isSpanning(one)) return one.at < after ? [one] : []
    if (isWhole(one, before)) return [{ ...one, to: after }]
    return one.from < after ? [{ ...one, to: Math.min(after, one.to) }] : []
  })
}
