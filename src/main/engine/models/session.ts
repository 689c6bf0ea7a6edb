import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { RefusedProvider } from '../../../shared/contract/sources.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import { firstLine, loadRuntime } from './runtime.js'
import type { Runtime, Session } from './runtime.js'

/** A graph of a pack with what its manifest says of it. */
export type Component = PackManifest['components']['unet']

/** A pass that takes longer than this on an accelerator is worth a comparison with the processor. */
const SUSPICIOUS_SECONDS = 0.25

const slower = (seconds: number, alone: number): string =>
  `slower here than the processor: ${seconds.toFixed(2)} s a pass, not ${alone.toFixed(2)} s`

/** @throws AppError `pack-failed` */
export async function runtimeOrThrow(): Promise<Runtime> {
  const runtime = await loadRuntime()
  if (typeof runtime !== 'string') return runtime
  throw new AppError('pack-failed', 'ONNX Runtime, which runs the models, cannot be loaded.', {
    hint: 'Install the app again; this part of it is missing or damaged.',
    detail: runtime,
  })
}

/** @throws Error when the graph cannot be loaded, or is not what the manifest says */
export async function openSession(
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
    // Waiting threads take a fifth more of the processors and gain nothing: frames are worked on between passes.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
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

/** A graph that runs, where it runs, and why not elsewhere. */
export interface ChosenSession {
  readonly session: Session
  readonly provider: string
  readonly refused: readonly RefusedProvider[]
}

/**
 * Opens a graph on the first provider that can run it. Each is tried alone, with a pass, since
 * some load a graph that they cannot run; one that is slower than the processor is passed over.
 *
 * @param options.pass runs the graph once, on any input
 * @throws AppError `pack-failed` with every provider's reason
 */
export async function chooseSession(
  runtime: Runtime,
  options: {
    readonly packId: string
    readonly folder: string
    readonly component: Component
    /** What runs on the processor in its place. */
    readonly onProcessor?: Component | undefined
    readonly providers: readonly string[]
    /** Providers that an earlier run found slow. */
    readonly slow: readonly RefusedProvider[]
    readonly pass: (session: Session) => Promise<void>
  },
): Promise<ChosenSession> {
  const { packId, folder, component, onProcessor = component, providers, slow, pass } = options

  const open = (provider: string): Promise<Session> =>
    openSession(runtime, folder, provider === 'cpu' ? onProcessor : component, provider)

  /** Seconds of one pass, after a first one that may compile and copy. */
  async function timeOf(session: Session): Promise<number> {
    await pass(session)
    const started = performance.now()
    await pass(session)
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
      session = await open(name)
      // The processor always runs what it has loaded; a first pass there would only cost time.
      if (name !== 'cpu') {
        const seconds = await timeOf(session)
        // A graphics card in software, as some drivers offer, is slower than no card at all.
        if (seconds > SUSPICIOUS_SECONDS && providers.includes('cpu')) {
          const processor = await open('cpu')
          const alone = await timeOf(processor).finally(() => processor.release())
          if (alone < seconds) {
            refused.push({ name, reason: slower(seconds, alone), slow: true })
            await session.release()
            continue
          }
        }
      }
      return { session, provider: name, refused }
    } catch (error) {
      await session?.release()
      refused.push({ name, reason: firstLine(error) })
    }
  }
  throw new AppError('pack-failed', `The model pack ${packId} cannot be run here.`, {
    hint: 'Run "lumiere doctor" to see what this computer offers, or install the pack again.',
    detail: refused.map(({ name, reason }) => `${name}: ${reason}`).join('\n'),
  })
}
