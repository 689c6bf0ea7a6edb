import type { MaskRec } from '../document/model.js'
import type { AnyManifest, PackManifest, StyleManifest, UpscaleManifest } from './pack.js'

/** Where the engine gets the mask of a source frame from. */
export type MaskSource =
  | {
      readonly kind: 'keyframes'
      readonly mask: MaskRec
      /** Folder that bitmap shapes' paths are relative to. */
      readonly root: string
    }
  /** One grey PNG for the frame it was painted on, held over the whole range. */
  | { readonly kind: 'png'; readonly path: string }
  /** A folder with one grey PNG per frame in name order; the first belongs to the range's first frame. */
  | { readonly kind: 'pngs'; readonly folder: string }

/** An execution provider that is not used, and why. */
export interface RefusedProvider {
  readonly name: string
  readonly reason: string
  /** It works, but the processor was measured to be faster. */
  readonly slow?: true
}

/** A model pack that core has verified. */
export interface PackSource {
  readonly folder: string
  readonly manifest: PackManifest
  /** Providers that an earlier run found slow with this pack: not tried again. */
  readonly slow: readonly RefusedProvider[]
}

/** The same for a pack that paints frames. */
export interface StylePackSource extends Omit<PackSource, 'manifest'> {
  readonly manifest: StyleManifest
}

/** The same for a pack that enlarges frames. */
export interface UpscalePackSource extends Omit<PackSource, 'manifest'> {
  readonly manifest: UpscaleManifest
}

export interface AnyPackSource extends Omit<PackSource, 'manifest'> {
  readonly manifest: AnyManifest
}

/** The candidate that a clip was made from. */
export interface ChosenCandidate {
  /** The seed of its noise. */
  readonly seed: number
  /** The clip was turned round at its end, since its mirror image fits the prompt better. */
  readonly mirrored: boolean
  /** How well each one fits the prompt, in nats, when they are compared; in the order of their seeds. */
  readonly agreements: readonly number[]
}

/** How a clip is sampled, whatever it starts from. */
export interface SamplingParams {
  readonly seed: number
  readonly steps: number
  /** Classifier-free guidance: 1 follows the prompt, more exaggerates it. */
  readonly guidance: number
  readonly solver: 'euler' | 'heun'
  /** Noises that are begun with, of which one is made; 1 when absent. */
  readonly candidates?: number
  /** By how much more than the rest the prompt's colours and directions are exaggerated; 0 when absent. */
  readonly emphasis?: number
}
