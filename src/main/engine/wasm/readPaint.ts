import type { Kernel } from './assemble.js'
import { startKernels } from './start.js'
import type { Memory } from './start.js'

/*
 * RGBA pictures read between their pixels, all four channels at once: Catmull-Rom (Keys 1981,
 * a = -1/2), as `bicubicChannels` of vision/sample.ts has it.
 *
 * Memory: the weights' polynomials, four taps at once, from the third power down; places; what is
 * read; two pictures, continued by their own edge: one pixel before it and two behind it.
 */
const POLYNOMIALS = [
  [-0.5, 1.5, -1.5, 0.5],
  [1, -2.5, 2, -0.5],
  [-0.5, 0, 0.5, 0],
  [0, 1, 0, 0],
]
/** Places of one call. */
const BATCH = 1024
const PLACES_AT = 64
const READ_AT = PLACES_AT + BATCH * 8
const PICTURES_AT = READ_AT + BATCH * 16
const PAGE = 65_536
const EDGE = 3

/** Weights of the four taps around the coordinate at `$at` plus `offset`, to `$name`. */
const weights = (name: string, offset: number): string => `
    local.get $at
    v128.load32_splat offset=${offset}
    local.tee $t
    local.get $t
    f32x4.floor
    f32x4.sub
    local.set $t
    i32.const 0
    v128.load
    ${[1, 2, 3]
      .map(
        (power) => `
    local.get $t
    f32x4.mul
    i32.const 0
    v128.load offset=${power * 16}
    f32x4.add
    `,
      )
      .join('')}
    local.set $${name}
`

/** One lane of `$from` in all lanes. */
const lane = (from: string, n: number): string => `
    local.get $${from}
    local.get $${from}
    i8x16.shuffle ${Array.from({ length: 16 }, (_, k) => n * 4 + (k % 4)).join(' ')}
`

/** A row of four pixels, weighed across, left on the stack. */
const row = (): string => `
    local.get $p
    v128.load
    local.set $bytes
    ${(['low', 'high'] as const)
      .flatMap((half, h) =>
        (['low', 'high'] as const).map(
          (quarter, q) => `
    local.get $bytes
    i16x8.extend_${half}_i8x16_u
    i32x4.extend_${quarter}_i16x8_u
    f32x4.convert_i32x4_u
    local.get $x${h * 2 + q}
    f32x4.mul
    ${h + q > 0 ? 'f32x4.add' : ''}
    `,
        ),
      )
      .join('')}
`

const read: Kernel = {
  parameters: ['at', 'end', 'to', 'picture', 'stride'],
  locals: {
    ...{ p: 'i32', t: 'v128', x: 'v128', y: 'v128', bytes: 'v128' },
    ...{ x0: 'v128', x1: 'v128', x2: 'v128', x3: 'v128' },
  },
  body: `
  loop
    ${weights('x', 0)}
    ${weights('y', 4)}
    ${[0, 1, 2, 3].map((n) => `${lane('x', n)}\nlocal.set $x${n}`).join('\n')}
    local.get $at
    f32.load
    i32.trunc_f32_u
    i32.const 2
    i32.shl
    local.get $at
    f32.load offset=4
    i32.trunc_f32_u
    local.get $stride
    i32.mul
    i32.add
    local.get $picture
    i32.add
    local.set $p
    local.get $to
    ${[0, 1, 2, 3]
      .map(
        (n) => `
    ${row()}
    ${lane('y', n)}
    f32x4.mul
    ${n > 0 ? 'f32x4.add' : ''}
    local.get $p
    local.get $stride
    i32.add
    local.set $p
    `,
      )
      .join('')}
    v128.store
    local.get $to
    i32.const 16
    i32.add
    local.set $to
    local.get $at
    i32.const 8
    i32.add
    local.tee $at
    local.get $end
    i32.lt_u
    br_if 0
  end
  `,
}

interface Running {
  readonly memory: Memory
  /** Reads the places from `at` up to `end` into `to`; `picture` is one that was continued. */
  read(at: number, end: number, to: number, picture: number, stride: number): void
}

interface Rgba {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

let running: Running | null | undefined
/** The pictures in memory, the one that was used last first; each with its slot. */
let inHand: { readonly picture: Rgba; readonly slot: number }[] = []

/**
 * Reads a picture where `places` (x, y interleaved, inside of it) say, four floats each into `out`.
 *
 * @returns false on a processor without vectors of four: nothing was read
 */
export function readInVectors(
  picture: Rgba,
  places: Float32Array,
  count: number,
  out: Float32Array,
): boolean {
  running ??= running === undefined ? startKernels<Running>({ read }, 1) : null
  if (running === null) return false
  const { memory } = running
  const at = placeOf(picture, memory)
  const stride = (picture.width + EDGE) * 4
  for (let first = 0; first < count; first += BATCH) {
    const last = Math.min(count, first + BATCH)
    new Float32Array(memory.buffer, PLACES_AT, BATCH * 2).set(places.subarray(first * 2, last * 2))
    running.read(PLACES_AT, PLACES_AT + (last - first) * 8, READ_AT, at, stride)
    out.set(new Float32Array(memory.buffer, READ_AT, (last - first) * 4), first * 4)
  }
  return true
}

/** Address of a picture in memory; puts it there where it is not. */
function placeOf(picture: Rgba, memory: Memory): number {
  const known = inHand.find((one) => one.picture === picture)
  const size = bytesOf(picture)
  if (known !== undefined) return PICTURES_AT + known.slot * size
  // Pictures of another size lie elsewhere.
  inHand = inHand.filter((one) => bytesOf(one.picture) === size)
  const slot = inHand.length < 2 ? (inHand[0]?.slot ?? 1) ^ 1 : inHand[1]!.slot
  inHand = [{ picture, slot }, ...inHand.slice(0, 1)]
  const missing = PICTURES_AT + 2 * size + 16 - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
  if (new Float32Array(memory.buffer, 0, 4)[1] === 0) {
    new Float32Array(memory.buffer, 0, 16).set(POLYNOMIALS.flat())
  }
  const at = PICTURES_AT + slot * size
  continued(picture, new Uint8Array(memory.buffer, at, size))
  return at
}

function bytesOf({ width, height }: Rgba): number {
  return (width + EDGE) * (height + EDGE) * 4
}

function continued({ width, height, data }: Rgba, out: Uint8Array): void {
  const [pixels, into] = [
    asPixels(data),
    new Uint32Array(out.buffer, out.byteOffset, out.length / 4),
  ]
  for (let y = 0, to = 0; y < height + EDGE; y++, to += width + EDGE) {
    const from = Math.min(height - 1, Math.max(0, y - 1)) * width
    into[to] = pixels[from]!
    into.set(pixels.subarray(from, from + width), to + 1)
    into.fill(pixels[from + width - 1]!, to + 1 + width, to + EDGE + width)
  }
}

function asPixels(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
}
