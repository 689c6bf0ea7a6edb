import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { PackSource, RefusedProvider } from '../../../shared/contract/engine.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import { createTokenizer } from '../../../shared/text/tokenizer.js'
import { seededNoise } from '../diffusion/noise.js'
import { firstLine, loadRuntime, providersToTry } from './runtime.js'
import type { Runtime, Session } from './runtime.js'

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

/** A pass that takes longer than this on an accelerator is worth a comparison with the processor. */
const SUSPICIOUS_SECONDS = 0.25

const slower = (seconds: number, alone: number): string =>
  `slower here than the processor: ${seconds.toFixed(2)} s a pass, not ${alone.toFixed(2)} s`

type Component = PackManifest['components']['unet']

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
  const runtime = await loadRuntime()
  if (typeof runtime === 'string') {
    throw new AppError('pack-failed', 'ONNX Runtime, which runs the models, cannot be loaded.', {
      hint: 'Install the app again; this part of it is missing or damaged.',
      detail: runtime,
    })
  }
  const { textEncoder, unet } = manifest.components
  const pieces = (await readFile(join(folder, manifest.vocabulary.file), 'utf8')).split(/\r?\n/)
  const tokenizer = createTokenizer(
    pieces.filter((piece) => piece !== ''),
    manifest.vocabulary,
  )
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

  /** Seconds of one pass, after a first one that may compile and copy. */
  async function timeOf(session: Session): Promise<number> {
    const sample = testSample(manifest)
    const text = await encodeText('')
    await pass(session, sample, 1, text)
    const started = performance.now()
    await pass(session, sample, 1, text)
    return (performance.now() - started) / 1000
  }

  const refused: RefusedProvider[] = []
  for (const name of providers) {
    const known = slow.find((one) => one.name === name)
    if (known !== undefined) {
      refused.push(known)
      continue
    }
    let session: Session | null = null
    try {
      session = await openSession(runtime, folder, unet, name)
      const running = session
      // The processor always runs what it has loaded; a first pass there would only cost time.
      if (name !== 'cpu') {
        const seconds = await timeOf(running)
        // A graphics card in software, as some drivers offer, is slower than no card at all.
        if (seconds > SUSPICIOUS_SECONDS && providers.includes('cpu')) {
          const processor = await openSession(runtime, folder, unet, 'cpu')
          const alone = await timeOf(processor).finally(() => processor.release())
          if (alone < seconds) {
            refused.push({ name, reason: slower(seconds, alone), slow: true })
            await running.release()
            continue
          }
        }
      }
      return {
        provider: name,
        refused,
        encodeText,
        velocity: (sample, t, text) => pass(running, sample, t, text),
        async release() {
          await running.release()
          await encoder.release()
        },
      }
    } catch (error) {
      await session?.release()
      refused.push({ name, reason: firstLine(error) })
    }
  }
  await encoder.release()
  throw new AppError('pack-failed', `The model pack ${manifest.id} cannot be run here.`, {
    hint: 'Run "lumiere doctor" to see what this computer offers, or install the pack again.',
    detail: refused.map(({ name, reason }) => `${name}: ${reason}`).join('\n'),
  })
}

/** A pass's input of seeded noise: the same everywhere, for self-tests. */
export function testSample({ frames, width, height }: PackManifest): Float32Array {
  return seededNoise(0, frames, 7 * width * height)
}

async function openSession(
  runtime: Runtime,
  folder: string,
  component: Component,
  provider: string,
): Promise<Session> {
  const session = await runtime.InferenceSession.create(join(folder, component.file), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Saves 270 MB on the middle model, at the same speed.
    enableMemPattern: false,
    logSeverityLevel: 4,
  })
  for (const [wanted, there] of [
    [component.inputs, session.inputNames],
    [component.outputs, session.outputNames],
  ] as const) {
    const missing = wanted.find(({ name }) => !there.includes(name))
    if (missing !== undefined) {
      await session.release()
      throw new Error(`${component.file} has no "${missing.name}"`)
    }
  }
  return session
}
