import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackSource, RefusedProvider } from '../../../shared/contract/sources.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import { createTokenizer } from '../../../shared/text/tokenizer.js'
import type { Tokenizer } from '../../../shared/text/tokenizer.js'
import { seededNoise } from '../diffusion/noise.js'
import { providersToTry } from './runtime.js'
import type { Runtime, Session } from './runtime.js'
import { chooseSession, openSession, runtimeOrThrow } from './session.js'

/** A caption as the network reads it. */
export interface EncodedText {
  readonly features: Float32Array
  readonly mask: Float32Array
}

/** A pack's networks, loaded. */
export interface PackModel {
  /** Execution provider that the space-time network runs on. */
  readonly provider: string
  /** Providers tried before it, each with the reason why it is not used. */
  readonly refused: readonly RefusedProvider[]
  encodeText(prompt: string): Promise<EncodedText>
  /**
   * One pass over a whole clip.
   *
   * @param sample `[frames, 7, height, width]`: noisy RGB, mask (1 = given), given RGB
   * @param t time from 1 (noise) to 0 (clip)
   * @returns velocity `[frames, 3, height, width]`, the caller's own
   */
  velocity(sample: Float32Array, t: number, text: EncodedText): Promise<Float32Array>
  release(): Promise<void>
}

/**
 * Loads a pack, which core has verified. Each provider is tried alone, with one pass, since some
 * load a graph that they cannot run; the first that works is used.
 *
 * @throws AppError `pack-failed` with every provider's reason
 */
export async function openPackModel(
  { folder, manifest, slow }: PackSource,
  providers: readonly string[] = providersToTry(),
): Promise<PackModel> {
  const runtime = await runtimeOrThrow()
  const { textEncoder, unet, processorUnet } = manifest.components
  const tokenizer = await openVocabulary(folder, manifest)
  // Captions are short: the processor is as fast as anything, and always there.
  const encoder = await openSession(runtime, folder, textEncoder, 'cpu')

  const encodeText = async (prompt: string): Promise<EncodedText> => {
    const tokens = tokenizer.encode(prompt)
    const [input] = textEncoder.inputs
    const ids = new runtime.Tensor('int64', BigInt64Array.from(tokens, BigInt), input?.shape ?? [])
    const out = await encoder.run({ [input?.name ?? '']: ids })
    const of = (name: string): Float32Array => (out[name]?.data as Float32Array).slice()
    return { features: of('text'), mask: of('text_mask') }
  }

  const shapes = new Map(unet.inputs.map(({ name, shape }) => [name, shape]))
  const tensor = (name: string, data: Float32Array): InstanceType<Runtime['Tensor']> =>
    new runtime.Tensor('float32', data, shapes.get(name) ?? [])

  async function pass(
    session: Session,
    sample: Float32Array,
    t: number,
    text: EncodedText,
  ): Promise<Float32Array> {
    const out = await session.run({
      sample: tensor('sample', sample),
      timestep: tensor('timestep', Float32Array.of(t)),
      seconds: tensor('seconds', Float32Array.of(manifest.seconds)),
      text: tensor('text', text.features),
      text_mask: tensor('text_mask', text.mask),
    })
    const velocity = out['velocity']
    const data = velocity?.data as Float32Array | undefined
    if (data?.[0] === undefined || !Number.isFinite(data[0])) throw new Error('no numbers came out')
    return data
  }

  try {
    const { session, provider, refused } = await chooseSession(runtime, {
      ...{
        packId: manifest.id,
        folder,
        component: unet,
        onProcessor: processorUnet,
        providers,
        slow,
      },
      pass: async (one) => {
        await pass(one, testSample(manifest), 1, await encodeText(''))
      },
    })
    return {
      provider,
      refused,
      encodeText,
      velocity: (sample, t, text) => pass(session, sample, t, text),
      async release() {
        await session.release()
        await encoder.release()
      },
    }
  } catch (error) {
    await encoder.release()
    throw error
  }
}

/** The pack's words, as its networks read them. */
export async function openVocabulary(
  folder: string,
  { vocabulary }: PackManifest,
): Promise<Tokenizer> {
  const pieces = (await readFile(join(folder, vocabulary.file), 'utf8')).split(/\r?\n/)
  return createTokenizer(
    pieces.filter((piece) => piece !== ''),
    vocabulary,
  )
}

/** A pass's input of seeded noise: the same everywhere, for self-tests. */
export function testSample({ frames, width, height }: PackManifest): Float32Array {
  return seededNoise(0, frames, 7 * width * height)
}
