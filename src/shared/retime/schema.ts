import { z } from 'zod'
import { EASINGS, FASTEST, SLOWEST, SMOOTHNESS } from './operations.js'
import type { RetimeOperation, RetimeParams } from './operations.js'

export const RETIME_LIMITS = {
  operations: 32,
  /** Frames of a result: more than four hours at 30 a second. */
  frames: 500_000,
} as const

const frame = z.int().min(0).max(100_000_000)
const factor = z.number().min(SLOWEST).max(FASTEST)
const range = { from: frame, to: frame }

const operation: z.ZodType<RetimeOperation> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('speed'), ...range, factor }),
  z.strictObject({
    ...{ kind: z.literal('ramp'), ...range, start: factor, end: factor },
    easing: z.enum(EASINGS),
  }),
  z.strictObject({ kind: z.literal('reverse'), ...range }),
  z.strictObject({ kind: z.literal('ping-pong'), ...range }),
  z.strictObject({
    ...{ kind: z.literal('freeze'), at: frame },
    frames: z.int().min(1).max(RETIME_LIMITS.frames),
  }),
])

/** Settings of a retime as they come over the wire. */
export const retimeParamsSchema: z.ZodType<RetimeParams> = z.strictObject({
  operations: z.array(operation).max(RETIME_LIMITS.operations),
  smoothness: z.enum(SMOOTHNESS),
  keepPitch: z.boolean(),
})
