/**
 * Turns instructions in the text format's own words into a WebAssembly module, so that a kernel can
 * be read where it stands and no compiler has to be installed.
 */

/** The few instructions that the kernels need (WebAssembly core specification 2.0, 5.4). */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  'local.get': [0x20],
  'local.set': [0x21],
  'local.tee': [0x22],
  'i32.const': [0x41],
  'i32.lt_u': [0x49],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.and': [0x71],
  'i32.mul': [0x6c],
  'i32.shl': [0x74],
  'i32.shr_s': [0x75],
  'i32.shr_u': [0x76],
  loop: [0x03, 0x40],
  br_if: [0x0d],
  end: [0x0b],
  'i32x4.splat': [0xfd, 0x11],
  'i8x16.narrow_i16x8_u': [0xfd, 0x66],
  'i16x8.narrow_i32x4_s': [0xfd, 0x85, 0x01],
  'i32x4.shr_s': [0xfd, 0xac, 0x01],
  'i32x4.add': [0xfd, 0xae, 0x01],
  'i32x4.mul': [0xfd, 0xb5, 0x01],
  'i32.trunc_f32_u': [0xa9],
  'i8x16.shuffle': [0xfd, 0x0d],
  'i16x8.extend_low_i8x16_u': [0xfd, 0x89, 0x01],
  'i16x8.extend_high_i8x16_u': [0xfd, 0x8a, 0x01],
  'i32x4.extend_low_i16x8_u': [0xfd, 0xa9, 0x01],
  'i32x4.extend_high_i16x8_u': [0xfd, 0xaa, 0x01],
  'f32x4.convert_i32x4_u': [0xfd, 0xfb, 0x01],
  'f32x4.splat': [0xfd, 0x13],
  'f32x4.floor': [0xfd, 0x68],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.sub': [0xfd, 0xe5, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
  'f32x4.div': [0xfd, 0xe7, 0x01],
  'f32x4.max': [0xfd, 0xe9, 0x01],
}
/** Those that reach memory, each with the power of two that its address is aligned to. */
const MEMORY: Readonly<
  Record<string, { readonly code: readonly number[]; readonly align: number }>
> = {
  'i32.load': { code: [0x28], align: 0 },
  'f32.load': { code: [0x2a], align: 0 },
  'v128.load': { code: [0xfd, 0x00], align: 4 },
  'v128.load32_splat': { code: [0xfd, 0x09], align: 0 },
  'v128.store': { code: [0xfd, 0x0b], align: 4 },
  'v128.store32_lane': { code: [0xfd, 0x5a], align: 0 },
}

const TYPES = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const

export interface Kernel {
  /** Names of its parameters: whole numbers, then floats. */
  readonly parameters: readonly string[]
  readonly floats?: readonly string[]
  readonly locals: Readonly<Record<string, 'i32' | 'v128'>>
  /**
   * One instruction a line; `$name` is a local, `offset=n` an address that is added; what follows
   * `;;` is a comment.
   */
  readonly body: string
}

/**
 * The module of some kernels that work in one memory: exports each by its name, and `memory`.
 *
 * @param pages of 64 KiB that there are at first
 * @throws Error for an instruction or a name that it does not know
 */
export function assemble(
  kernels: Readonly<Record<string, Kernel>>,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const all = Object.entries(kernels)
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(all.map(([, kernel]) => typeOf(kernel)))),
    ...section(3, list(all.map((_, index) => unsigned(index)))),
    ...section(5, [1, 0x00, ...unsigned(pages)]),
    ...section(
      7,
      list([
        ...all.map(([text], index) => [...name(text), 0x00, ...unsigned(index)]),
        [...name('memory'), 0x02, 0],
      ]),
    ),
    ...section(10, list(all.map(([, kernel]) => codeOf(kernel)))),
  )
}

function typeOf({ parameters, floats = [] }: Kernel): number[] {
  const types = [...parameters.map(() => TYPES.i32), ...floats.map(() => TYPES.f32)]
  return [0x60, ...list(types.map((type) => [type])), 0]
}

function codeOf({ parameters, floats = [], locals, body }: Kernel): number[] {
  const names = [...parameters, ...floats, ...Object.keys(locals)]
  const code = body.split('\n').flatMap((line) => {
    const [word, ...rest] = line
      .replace(/;;.*/, '')
      .split(/\s+/)
      .filter((part) => part !== '')
    return word === undefined ? [] : instruction(word, rest, names)
  })
  const types = list(Object.values(locals).map((type) => [1, TYPES[type]]))
  const inner = [...types, ...code, 0x0b]
  return [...unsigned(inner.length), ...inner]
}

function instruction(word: string, rest: readonly string[], names: readonly string[]): number[] {
  const memory = MEMORY[word]
  if (memory !== undefined) {
    const offset = rest.find((part) => part.startsWith('offset='))?.slice('offset='.length) ?? '0'
    const lane = rest.filter((part) => !part.startsWith('offset=')).map(Number)
    return [...memory.code, memory.align, ...unsigned(Number(offset)), ...lane]
  }
  const plain = PLAIN[word]
  if (plain === undefined) throw new Error(`The instruction ${word} is not known.`)
  return [...plain, ...rest.flatMap((part) => operand(part, names))]
}

function operand(part: string, names: readonly string[]): number[] {
  if (!part.startsWith('$')) return signed(Number(part))
  const index = names.indexOf(part.slice(1))
  if (index < 0) throw new Error(`The local ${part} is not known.`)
  return unsigned(index)
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function list(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()]
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...Buffer.from(text, 'latin1')]
}

/** LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f
  const rest = value >>> 7
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}
