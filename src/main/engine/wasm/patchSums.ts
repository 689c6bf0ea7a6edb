import type { Kernel } from './assemble.js'
import { startKernels } from './start.js'
import type { Memory } from './start.js'

/*
 * The three sums over a patch of 8 x 8 samples that a search for motion asks for again and again,
 * four samples at a time (vision/between/patchSums.ts has the same one by one).
 *
 * Memory: results; then planes of floats that lie alike, `gap` bytes apart: where the patch comes
 * from, where it is looked for, the slopes of the first across and down; then weights and weighted
 * motion, of which a mean is made. `i` is the patch's place in the first, `j` in the second.
 */
const RESULT_BYTES = 64
const PATCH = 8
const PAGE = 65_536
const PLANES = 7

const WEIGHTS = ['w00', 'w10', 'w01', 'w11'] as const

/** Differences of four samples, from `offset` bytes on, left on the stack. */
const difference = (offset: number): string => `
    local.get $j
    v128.load offset=${offset}
    local.get $v00
    f32x4.mul
    local.get $j
    v128.load offset=${offset + 4}
    local.get $v10
    f32x4.mul
    f32x4.add
    local.get $k
    v128.load offset=${offset}
    local.get $v01
    f32x4.mul
    f32x4.add
    local.get $k
    v128.load offset=${offset + 4}
    local.get $v11
    f32x4.mul
    f32x4.add
    local.get $i
    v128.load offset=${offset}
    f32x4.sub
`

const splat = (name: string, to: string): string => `
  local.get $${name}
  f32x4.splat
  local.set $${to}
`

const BEGIN = `
  ${WEIGHTS.map((name) => splat(name, name.replace('w', 'v'))).join('')}
  local.get $j
  local.get $stride
  i32.add
  local.set $k
  local.get $i
  local.get $stride
  i32.const ${Math.log2(PATCH)}
  i32.shl
  i32.add
  local.set $end
`

const plus = (name: string, by: string): string => `
    local.get $${name}
    local.get $${by}
    i32.add
    local.set $${name}
`

/** On to the next row, until the last. */
const NEXT = `
    local.get $k
    local.set $j
    ${plus('k', 'stride')}
    local.get $i
    local.get $stride
    i32.add
    local.tee $i
    local.get $end
    i32.lt_u
    br_if 0
`

const add = (name: string, value: string): string => `
    local.get $${name}
    ${value}
    f32x4.add
    local.set $${name}
`

const SQUARE = `
    local.get $d
    local.get $d
    f32x4.mul
`

const store = (name: string, at: number): string => `
  i32.const ${at * 16}
  local.get $${name}
  v128.store
`

const halves = (half: (offset: number) => string): string => half(0) + half(16)

const shared: Kernel['locals'] = {
  ...{ v00: 'v128', v10: 'v128', v01: 'v128', v11: 'v128', d: 'v128' },
  ...{ k: 'i32', end: 'i32' },
}

const cost: Kernel = {
  parameters: ['i', 'j', 'stride'],
  floats: WEIGHTS,
  locals: { ...shared, sum: 'v128', squares: 'v128' },
  body: `
  ${BEGIN}
  loop
  ${halves(
    (offset) => `
    ${difference(offset)}
    local.set $d
    ${add('sum', 'local.get $d')}
    ${add('squares', SQUARE)}
  `,
  )}
  ${NEXT}
  end
  ${store('sum', 0)}
  ${store('squares', 1)}
`,
}

/** A sum of what the slopes of plane `name` say of the difference. */
const sloped = (to: string, name: string, offset: number): string =>
  add(to, `local.get $${name}\nv128.load offset=${offset}\nlocal.get $d\nf32x4.mul`)

const step: Kernel = {
  parameters: ['i', 'j', 'stride', 'gap'],
  floats: WEIGHTS,
  locals: {
    ...shared,
    ...{ sum: 'v128', squares: 'v128', bx: 'v128', by: 'v128', across: 'i32', down: 'i32' },
  },
  body: `
  ${BEGIN}
  local.get $i
  local.get $gap
  i32.const 1
  i32.shl
  i32.add
  local.tee $across
  local.get $gap
  i32.add
  local.set $down
  loop
  ${halves(
    (offset) => `
    ${difference(offset)}
    local.set $d
    ${add('sum', 'local.get $d')}
    ${add('squares', SQUARE)}
    ${sloped('bx', 'across', offset)}
    ${sloped('by', 'down', offset)}
  `,
  )}
  ${plus('across', 'stride')}
  ${plus('down', 'stride')}
  ${NEXT}
  end
  ${['sum', 'squares', 'bx', 'by'].map(store).join('')}
`,
}

/** Adds `value` to the plane at `name`. */
const gather = (name: string, offset: number, value: string): string => `
    local.get $${name}
    local.get $${name}
    v128.load offset=${offset}
    ${value}
    f32x4.add
    v128.store offset=${offset}
`

const spread: Kernel = {
  parameters: ['i', 'j', 'stride', 'gap'],
  floats: [...WEIGHTS, 'x', 'y'],
  locals: {
    ...shared,
    ...{ one: 'v128', vx: 'v128', vy: 'v128', weight: 'i32', moveX: 'i32', moveY: 'i32' },
  },
  body: `
  ${BEGIN}
  ${splat('x', 'vx')}
  ${splat('y', 'vy')}
  i32.const 1
  i32x4.splat
  f32x4.convert_i32x4_u
  local.set $one
  local.get $i
  local.get $gap
  i32.const 2
  i32.shl
  i32.add
  local.tee $weight
  local.get $gap
  i32.add
  local.tee $moveX
  local.get $gap
  i32.add
  local.set $moveY
  loop
  ${halves(
    (offset) => `
    local.get $one
    ${difference(offset)}
    local.tee $d
    local.get $d
    f32x4.mul
    local.get $one
    f32x4.max
    f32x4.div
    local.set $d
    ${gather('weight', offset, 'local.get $d')}
    ${gather('moveX', offset, 'local.get $d\nlocal.get $vx\nf32x4.mul')}
    ${gather('moveY', offset, 'local.get $d\nlocal.get $vy\nf32x4.mul')}
  `,
  )}
  ${plus('weight', 'stride')}
  ${plus('moveX', 'stride')}
  ${plus('moveY', 'stride')}
  ${NEXT}
  end
`,
}

type Floats = [w00: number, w10: number, w01: number, w11: number]

/** A place in both planes, with their stride in bytes. */
type Place = [i: number, j: number, stride: number]

/** Strides and gaps in bytes, `i` and `j` as addresses. */
interface Running {
  readonly memory: Memory
  /** Four lanes each of the sums of differences and of their squares, to the beginning of memory. */
  readonly cost: (...at: [...Place, ...Floats]) => void
  /** The same, and of differences times slopes across and down. */
  readonly step: (...at: [...Place, gap: number, ...Floats]) => void
  /** Adds to the planes of weights and of weighted motion. */
  readonly spread: (...at: [...Place, gap: number, ...Floats, x: number, y: number]) => void
}

let running: Running | null | undefined

/** Kernels with the four planes in their memory, and three that are empty. */
export interface PatchVectors extends Omit<Running, 'memory'> {
  /** What `cost` and `step` have written: sums, squares, and what the slopes say. */
  readonly results: Float32Array
  /** Address of the first plane's first sample. */
  readonly first: number
  readonly gap: number
  /** Weights, and weighted motion across and down. */
  readonly spreadTo: readonly [Float32Array, Float32Array, Float32Array]
}

/** Null on a processor without vectors of four. Good until it is asked for again. */
export function openPatchVectors(
  planes: readonly [Float32Array, Float32Array, Float32Array, Float32Array],
): PatchVectors | null {
  running ??= running === undefined ? startKernels<Running>({ cost, step, spread }, 1) : null
  if (running === null) return null
  const { memory } = running
  const length = planes[0].length
  const gap = length * 4
  // What is read beside the last sample of the last plane lies in memory, too.
  const bytes = RESULT_BYTES + PLANES * gap + 64
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
  const at = (n: number): Float32Array =>
    new Float32Array(memory.buffer, RESULT_BYTES + n * gap, length)
  for (const [n, plane] of planes.entries()) at(n).set(plane)
  const spreadTo = [at(4).fill(0), at(5).fill(0), at(6).fill(0)] as const
  return {
    ...{ cost: running.cost, step: running.step, spread: running.spread },
    ...{ results: new Float32Array(memory.buffer, 0, 16), first: RESULT_BYTES, gap, spreadTo },
  }
}
