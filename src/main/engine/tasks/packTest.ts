import { toErrorData } from '../../../shared/contract/errors.js'
import type { PackSource, PackTestResult } from '../../../shared/contract/engine.js'
import { openPackModel, testSample } from '../models/packModel.js'
import { firstLine, providersToTry } from '../models/runtime.js'
import type { TaskContext } from '../serve.js'

type Outcome = PackTestResult['providers'][number]

/**
 * Runs one pass of a pack on each provider and compares with the processor's numbers: a driver
 * that computes nonsense is found here, and what it gains is measured.
 */
export async function packTest(
  { pack }: { readonly pack: PackSource },
  { signal }: TaskContext,
): Promise<PackTestResult> {
  const sample = testSample(pack.manifest)
  const providers: Outcome[] = []
  let reference: Float32Array | null = null
  // The processor first: it is what the others are compared with.
  const names = [...new Set(['cpu', ...providersToTry()])]
  for (const name of names) {
    signal.throwIfAborted()
    try {
      const started = performance.now()
      const model = await openPackModel({ ...pack, slow: [] }, [name])
      const loaded = performance.now()
      const velocity = await model.velocity(sample, 0.5, await model.encodeText(''))
      const passed = performance.now()
      reference ??= velocity
      providers.push({
        name,
        usable: true,
        loadSeconds: (loaded - started) / 1000,
        passSeconds: (passed - loaded) / 1000,
        difference: largestDifference(velocity, reference),
      })
      await model.release()
    } catch (error) {
      const { detail, message } = toErrorData(error)
      const reason = firstLine(detail ?? message).replace(`${name}: `, '')
      providers.push({ name, usable: false, reason })
    }
  }
  return { providers }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0
  for (let n = 0; n < a.length; n++) largest = Math.max(largest, Math.abs(a[n]! - b[n]!))
  return largest
}
