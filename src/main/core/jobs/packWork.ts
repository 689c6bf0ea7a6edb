import type { PackIdentity, PackManifest } from '../../../shared/contract/pack.js'
import type { SamplingParams, UpscalePackSource } from '../../../shared/contract/sources.js'
import { stepsWithCandidates } from '../../../shared/candidates.js'
import { verifyPack } from '../packs/readPack.js'
import type { AnyPack, UpscalePack } from '../packs/readPack.js'
import type { PackStore } from '../packs/packStore.js'

/** Loading, encoding and previews, in the unit of {@link samplingWork}: about three seconds on two cores. */
export const FIXED_WORK = 150

/**
 * What sampling costs, for a forecast: passes times megapixel-frames times megabytes of weights,
 * since a network's size tells its speed.
 *
 * @param frames of the clip, at the pack's own rate
 * @param tiles passes side by side where the picture is larger than the network's
 */
export function samplingWork(
  manifest: PackManifest,
  { sampling, frames }: { readonly sampling: SamplingParams; readonly frames: number },
  tiles = 1,
): number {
  const steps = stepsWithCandidates(sampling.steps, sampling.candidates ?? 1)
  const passes = steps * (sampling.guidance === 1 ? 1 : 2)
  const length = Math.max(frames, manifest.frames)
  const solver = sampling.solver === 'heun' ? 2 : 1
  const overlap = length > manifest.frames ? 4 / 3 : 1
  const size = (manifest.width * manifest.height * length) / 1e6
  return passes * solver * overlap * tiles * size * (unetBytes(manifest) / 1e6)
}

/** Enlarging by the network, in the same unit: a megapixel that comes out takes 0.6 s. */
export const ENLARGING_WORK = 30

/** The pack that enlarges, verified and as the engine wants it; null where none is installed. */
export async function openUpscaler(
  packs: PackStore,
  signal: AbortSignal,
): Promise<{ readonly pack: UpscalePack; readonly source: UpscalePackSource } | null> {
  const pack = await packs.findUpscaler()
  if (pack === null) return null
  await verifyPack(pack, { signal })
  return { pack, source: await packs.source(pack) }
}

/** Bytes: the runtime, weights at twice their stored size, and activations, as measured with S and M. */
export function modelMemory(manifest: PackManifest): number {
  const activations = manifest.width * manifest.height * manifest.frames * 330
  return Math.round(200e6 + 4 * unetBytes(manifest) + activations)
}

export function identityOf({ manifest, sha256 }: AnyPack): PackIdentity {
  return { id: manifest.id, version: manifest.version, sha256 }
}

function unetBytes({ components: { unet } }: PackManifest): number {
  return unet.externalData.reduce((sum, { bytes }) => sum + bytes, unet.bytes)
}
