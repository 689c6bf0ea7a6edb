import { LUT_SIZE } from '../../../shared/grade/lut.js'
import type { Lut } from '../../../shared/grade/lut.js'
import { ONE, SHIFT, openBytes, pastOf } from '../../../shared/grade/lutBytes.js'
import type { OpenBytes } from '../../../shared/grade/lutBytes.js'
import type { Kernel } from './assemble.js'
import { startKernels } from './start.js'
import type { Memory } from './start.js'

/*
 * The table of an edit looked up four channels at a time. The arithmetic is that of
 * shared/grade/lutBytes.ts in whole numbers, so that the bits are the same: a test compares them.
 *
 * Memory: the table, four i32 a point (the fourth makes alpha 255); for each channel the weights
 * with their steps, then the places of the grid points; the pixels that go in, and that come out.
 */
const POINTS = LUT_SIZE ** 3
/** Steps along red, green and blue in points of the table. */
const STEPS = [LUT_SIZE * LUT_SIZE, LUT_SIZE, 1] as const
const ALL = STEPS[0] + STEPS[1] + STEPS[2]
const POINT_BYTES = 16
const PAST_AT = POINTS * POINT_BYTES
const CHANNEL_BYTES = 256 * 4
const LOW_AT = PAST_AT + 3 * CHANNEL_BYTES
const IN_AT = LOW_AT + 3 * CHANNEL_BYTES
/** Pixels of one call. */
const BATCH = 16_384
const OUT_AT = IN_AT + BATCH * 4
const PAGE = 65_536

const past = (channel: number): number => PAST_AT + channel * CHANNEL_BYTES
const low = (channel: number): number => LOW_AT + channel * CHANNEL_BYTES

const BODY = `
  loop
    ;; red, green and blue as places in lists of four bytes
    local.get $from
    i32.load
    local.tee $x
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    local.set $red
    local.get $x
    i32.const 6
    i32.shr_u
    i32.const 1020
    i32.and
    local.set $green
    local.get $x
    i32.const 14
    i32.shr_u
    i32.const 1020
    i32.and
    local.set $blue

    ;; the lowest corner of the cell
    local.get $red
    i32.load offset=${low(0)}
    local.get $green
    i32.load offset=${low(1)}
    i32.add
    local.get $blue
    i32.load offset=${low(2)}
    i32.add
    local.set $low

    ;; weights with their steps
    local.get $red
    i32.load offset=${past(0)}
    local.set $x
    local.get $green
    i32.load offset=${past(1)}
    local.set $y
    local.get $blue
    i32.load offset=${past(2)}
    local.set $z

    ;; $sum = x + y + z; $most and $least, sorted by differences kept where they are negative
    local.get $x
    local.get $y
    i32.add
    local.get $z
    i32.add
    local.set $sum
    local.get $x
    local.get $y
    i32.sub
    local.tee $d
    local.get $d
    i32.const 31
    i32.shr_s
    i32.and
    local.set $d
    local.get $y
    local.get $d
    i32.add
    local.set $least
    local.get $x
    local.get $d
    i32.sub
    local.set $most
    local.get $most
    local.get $most
    local.get $z
    i32.sub
    local.tee $d
    local.get $d
    i32.const 31
    i32.shr_s
    i32.and
    i32.sub
    local.set $most
    local.get $least
    local.get $z
    local.get $least
    i32.sub
    local.tee $d
    local.get $d
    i32.const 31
    i32.shr_s
    i32.and
    i32.add
    local.set $least

    ;; $a, $b, $c: the largest weight, the middle and the smallest one
    local.get $most
    i32.const 12
    i32.shr_s
    local.set $a
    local.get $least
    i32.const 12
    i32.shr_s
    local.set $c
    local.get $sum
    i32.const 12
    i32.shr_s
    local.get $a
    i32.sub
    local.get $c
    i32.sub
    local.set $b

    ;; the lowest corner, (255 - a) of it
    i32.const 255
    local.get $a
    i32.sub
    i32x4.splat
    local.get $low
    v128.load
    i32x4.mul
    ;; along the largest step, a - b
    local.get $a
    local.get $b
    i32.sub
    i32x4.splat
    local.get $most
    i32.const 4095
    i32.and
    i32.const 4
    i32.shl
    local.get $low
    i32.add
    v128.load
    i32x4.mul
    i32x4.add
    ;; then along the middle one, which is all but the smallest, b - c
    local.get $b
    local.get $c
    i32.sub
    i32x4.splat
    local.get $low
    i32.const ${ALL * POINT_BYTES}
    i32.add
    local.get $least
    i32.const 4095
    i32.and
    i32.const 4
    i32.shl
    i32.sub
    v128.load
    i32x4.mul
    i32x4.add
    ;; the highest corner, c
    local.get $c
    i32x4.splat
    local.get $low
    v128.load offset=${ALL * POINT_BYTES}
    i32x4.mul
    i32x4.add
    ;; rounded to bytes
    i32.const ${ONE / 2}
    i32x4.splat
    i32x4.add
    i32.const ${SHIFT}
    i32x4.shr_s
    local.tee $four
    local.get $four
    i16x8.narrow_i32x4_s
    local.tee $four
    local.get $four
    i8x16.narrow_i16x8_u
    local.set $four
    local.get $to
    local.get $four
    v128.store32_lane 0

    local.get $to
    i32.const 4
    i32.add
    local.set $to
    local.get $from
    local.get $step
    i32.add
    local.tee $from
    local.get $end
    i32.lt_u
    br_if 0
  end
`

interface Running {
  readonly memory: Memory
  /** Looks up the pixels from `from` up to `end`, `step` bytes each. */
  run(from: number, end: number, step: number, to: number): void
}

/** Null on a processor without vectors of four: the other way gives the same bits. */
function start(): Running | null {
  const run: Kernel = {
    parameters: ['from', 'end', 'step', 'to'],
    locals: {
      ...{ red: 'i32', green: 'i32', blue: 'i32', x: 'i32', y: 'i32', z: 'i32', d: 'i32' },
      ...{ sum: 'i32', most: 'i32', least: 'i32', a: 'i32', b: 'i32', c: 'i32', low: 'i32' },
      four: 'v128',
    },
    body: BODY,
  }
  const running = startKernels<Running>({ run }, Math.ceil((OUT_AT + BATCH * 4) / PAGE))
  if (running === null) return null
  const { buffer } = running.memory
  STEPS.forEach((step, channel) => {
    const { low: lows, past: pasts } = pastOf(step)
    new Int32Array(buffer, past(channel), 256).set(pasts)
    new Int32Array(buffer, low(channel), 256).set(lows.map((one) => one * POINT_BYTES))
  })
  return running
}

let running: Running | null | undefined
/** The table in memory. */
let inHand: Lut | null = null

/** {@link openBytes} in vectors of four. Tables are complete: one that changes is another one. */
export const openVectors: OpenBytes = (lut, data, channels, out) => {
  running ??= running === undefined ? start() : null
  if (running === null) return openBytes(lut, data, channels, out)
  const kernel = running
  const bytes = new Uint8Array(kernel.memory.buffer)
  if (lut !== inHand) {
    fillTable(lut, new Int32Array(kernel.memory.buffer, 0, POINTS * 4))
    inHand = lut
  }
  return (from, to) => {
    for (let first = from; first < to; first += BATCH) {
      const last = Math.min(to, first + BATCH)
      bytes.set(data.subarray(first * channels, last * channels), IN_AT)
      kernel.run(IN_AT, IN_AT + (last - first) * channels, channels, OUT_AT)
      out.set(bytes.subarray(OUT_AT, OUT_AT + (last - first) * 4), first * 4)
    }
  }
}

function fillTable(lut: Lut, table: Int32Array): void {
  for (let n = 0, at = 0; at < table.length; n += 3, at += 4) {
    table[at] = (lut[n] as number) * ONE + 0.5
    table[at + 1] = (lut[n + 1] as number) * ONE + 0.5
    table[at + 2] = (lut[n + 2] as number) * ONE + 0.5
    table[at + 3] = ONE
  }
}
