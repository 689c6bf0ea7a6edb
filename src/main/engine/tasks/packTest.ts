import { toErrorData } from '../../../shared/contract/errors.js'
import type { PackTestResult } from '../../../shared/contract/engine.js'
import type { AnyPackSource } from '../../../shared/contract/sources.js'
import { isClipsManifest, isUpscaleManifest } from '../../../shared/contract/pack.js'
import { openPackModel, testSample } from '../models/packModel.js'
import { firstLine } from '../models/runtime.js'
import { openStyleModel, testPicture } from '../models/styleModel.js'
import { openUpscaleModel, testPattern } from '../models/upscaleModel.js'
import type { TaskContext } from '../taskContext.js'

/**
 * Runs one pass of a pack on a provider and compares with the processor's numbers: a driver that
 * computes nonsense is found here, and what it gains is measured.
 */
export async function packTest(
  { pack, provider }: { readonly pack: AnyPackSource; readonly provider: string },
  context: TaskContext,
): Promise<PackTestResult> {
  context.report({ phase: 'loading', done: 0, total: 1 })
  try {
    const started = performance.now()
    const model = await openPass(pack, provider)
    const loaded = performance.now()
    const numbers = await model.pass()
    const passed = performance.now()
    await model.release()
    return {
      usable: true,
      loadSeconds: (loaded - started) / 1000,
      passSeconds: (passed - loaded) / 1000,
      difference: provider === 'cpu' ? 0 : largestDifference(numbers, await onProcessor(pack)),
    }
  } catch (error) {
    const { detail, message } = toErrorData(error)
    return { usable: false, reason: firstLine(detail ?? message).replace(`${provider}: `, '') }
  }
}

/** What a pass is compared with: the same graph, and not the one in whole numbers that the processor has. */
async function onProcessor(pack: AnyPackSource): Promise<Float32Array> {
  const model = await openPass(asOnAccelerators(pack), 'cpu')
  return model.pass().finally(() => model.release())
}

function asOnAccelerators(pack: AnyPackSource): AnyPackSource {
  const { manifest } = pack
  if (isClipsManifest(manifest)) {
    const { textEncoder, unet } = manifest.components
    return { ...pack, manifest: { ...manifest, components: { textEncoder, unet } } }
  }
  if (!isUpscaleManifest(manifest)) return pack
  const { by2, by4 } = manifest.components
  return { ...pack, manifest: { ...manifest, components: { by2, by4 } } }
}

/** A pack on one provider, ready for one pass on an input of its own. */
async function openPass(
  pack: AnyPackSource,
  provider: string,
): Promise<{ pass(): Promise<Float32Array>; release(): Promise<void> }> {
  const { folder, manifest } = pack
  if (isClipsManifest(manifest)) {
    const model = await openPackModel({ folder, manifest, slow: [] }, [provider])
    return {
      pass: async () => model.velocity(testSample(manifest), 0.5, await model.encodeText('')),
      release: () => model.release(),
    }
  }
  if (isUpscaleManifest(manifest)) {
    const model = await openUpscaleModel({ folder, manifest, slow: [] }, [provider])
    const picture = testPattern()
    const size = { width: picture.width * 8, height: picture.height * 8 }
    return {
      pass: async () => (await model.enlarge(picture, size)).data,
      release: () => model.release(),
    }
  }
  const model = await openStyleModel({ folder, manifest, slow: [] }, [provider])
  return {
    async pass() {
      const modulation = await model.encode(testPicture())
      const statistics = await model.measure([testPicture()], modulation)
      return Float32Array.from((await model.paint(testPicture(), modulation, statistics)).data)
    },
    release: () => model.release(),
  }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0
  for (let n = 0; n < a.length; n++) largest = Math.max(largest, Math.abs(a[n]! - b[n]!))
  return largest
}
