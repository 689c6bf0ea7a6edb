import type { OverlayLook } from '../blend.js'
import type { EditParams } from '../edit/operations.js'
import type { Rational } from '../rational.js'
import type { StyliseParams } from '../style.js'

/** A record's identity: `<type>_<random>`, made by whoever issues the command that adds it. */
export type Id = string

/** The document's own schema version; see migrations.ts for how older files are brought up. */
export const SCHEMA_VERSION = 6

/**
 * The whole project as plain data. Immutable: every change is a command that yields a diff.
 * Not in here: playhead, zoom, selection, the stroke in progress, job progress.
 */
export interface ProjectDoc {
  readonly meta: ProjectMeta
  readonly records: Readonly<Record<Id, Rec>>
}

export interface ProjectMeta {
  readonly id: Id
  readonly name: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** The timeline's rate: that of the first clip imported. */
  readonly fps: Rational
  /** The timeline's frame size in pixels. */
  readonly width: number
  readonly height: number
}

export type Rec = AssetRec | TrackRec | ClipRec | MaskRec | SegmentRec | TakeRec | MarkerRec
export type RecType = Rec['type']
export type RecOf<T extends RecType> = Extract<Rec, { type: T }>

/** Why an imported file is not used byte for byte as it is. Shown beside the asset. */
export type MediaNote =
  | { readonly kind: 'rotated'; readonly degrees: 90 | 180 | 270 }
  | { readonly kind: 'variable-rate'; readonly fps: Rational }
  | { readonly kind: 'high-bit-depth'; readonly bits: number }
  | { readonly kind: 'hdr'; readonly transfer: string }
  | { readonly kind: 'odd-size'; readonly width: number; readonly height: number }
  | { readonly kind: 'no-audio' }
  | { readonly kind: 'interlaced' }
  /** Beside the picture, where its pixel format does not say so: VP8 and VP9. */
  | { readonly kind: 'transparent' }
  | { readonly kind: 'anamorphic'; readonly width: number; readonly height: number }

export interface AudioInfo {
  readonly sampleRate: number
  readonly channels: number
  /** Samples per channel over the whole stream. */
  readonly samples: number
}

/** What probing says of a file, in display terms: after rotation, at a constant rate. */
export interface MediaInfo {
  readonly kind: 'video' | 'image'
  readonly width: number
  readonly height: number
  readonly fps: Rational
  readonly frames: number
  /** The file's own time stamp of frame 0, for seeking and for lining the sound up; 0 when absent. */
  readonly startSeconds?: number
  readonly videoCodec: string
  readonly pixelFormat: string
  /** Colour matrix and range used for every YUV <-> RGB conversion of this asset. */
  readonly colour: { readonly matrix: 'bt601' | 'bt709' | 'bt2020'; readonly range: 'tv' | 'pc' }
  readonly audio: AudioInfo | null
  readonly notes: readonly MediaNote[]
}

export interface AssetRec {
  readonly id: Id
  readonly type: 'asset'
  readonly name: string
  /** Relative to the project folder, forward slashes: `media/clip.mp4`. */
  readonly path: string
  readonly bytes: number
  readonly info: MediaInfo
  readonly made?: MadeBy
}

/** What made a clip that no camera took. The AI badge stands for all but retimed ones: made.ts. */
export interface MadeBy {
  readonly task: 'generate' | 'animate' | 'retime'
  readonly prompt: string
  readonly seed: number
  /** Null where no model took part. */
  readonly pack: { readonly id: string; readonly version: string; readonly sha256: string } | null
  /** JSON beside the file with everything needed to make it again. */
  readonly recipe: string
  /** When, in ISO 8601; older projects do not know. Neither ids nor the order of records tell. */
  readonly createdAt?: string
}

export interface TrackRec {
  readonly id: Id
  readonly type: 'track'
  readonly kind: 'video' | 'audio'
  readonly name: string
  /** Stacking order within its kind; 0 is the lowest. */
  readonly order: number
  readonly muted: boolean
}

export interface ClipRec {
  readonly id: Id
  readonly type: 'clip'
  readonly trackId: Id
  readonly assetId: Id
  /** First timeline frame. */
  readonly start: number
  /** First source frame used (asset rate). */
  readonly in: number
  /** Length in timeline frames. */
  readonly length: number
  /** How it lies over what is below; it covers that when absent. Without meaning on the lowest track. */
  readonly overlay?: OverlayLook
}

/**
 * An AI edit over a half-open range of source frames `[from, to)` of one clip. What its mask
 * and its settings are depends on the verb.
 */
export type SegmentRec =
  RemoveSegmentRec | EditSegmentRec | StyliseSegmentRec | ReplaceSegmentRec | RegenerateSegmentRec

export interface RemoveSegmentRec extends SegmentBase {
  readonly verb: 'remove'
  readonly maskId: Id
  readonly params: RemoveParams
}

/** Colour, light and atmosphere changed in words; without a mask, over the whole frame. */
export interface EditSegmentRec extends SegmentBase {
  readonly verb: 'edit'
  readonly maskId: Id | null
  readonly params: EditParams
}

/** Painted in the style of a picture; without a mask, over the whole frame. */
export interface StyliseSegmentRec extends SegmentBase {
  readonly verb: 'stylise'
  readonly maskId: Id | null
  readonly params: StyliseParams
}

/** A painted region made anew by words. */
export interface ReplaceSegmentRec extends SegmentBase {
  readonly verb: 'replace'
  readonly maskId: Id
  readonly params: RepaintParams
}

/** A range made once more, by another seed, other words, another strength; without a mask, whole frames. */
export interface RegenerateSegmentRec extends SegmentBase {
  readonly verb: 'regenerate'
  readonly maskId: Id | null
  readonly params: RepaintParams
}

interface SegmentBase {
  readonly id: Id
  readonly type: 'segment'
  readonly clipId: Id
  readonly from: number
  readonly to: number
  /** The take that viewer and export show in place of the source; null shows the source. */
  readonly acceptedTakeId: Id | null
  /**
   * Place among the layers of its clip, 0 the lowest; the order is told by layerOrder.ts. Absent until
   * its first take puts it on top.
   */
  readonly layer?: number
}

export interface RemoveParams {
  /** Pixels the mask is grown by before the work, at the source's size; null = scaled default (12 px at 480p, at least 8). */
  readonly dilate: number | null
  /** Width in pixels of the soft edge towards the source. */
  readonly feather: number
  readonly seed: number
  /** What stands where nothing vouches for what other frames show; none means `soft`, as in older projects. */
  readonly doubtful?: Doubtful
}

/** Doubtful content of a hole: as soft as it is doubtful, or whole as it was found (ADR 0017). */
export type Doubtful = 'soft' | 'found'

/** What a model is asked for; null leaves a value to the pack. */
export interface RepaintParams {
  readonly prompt: string
  readonly seed: number
  readonly steps: number | null
  readonly guidance: number | null
  /** By how much more colours and directions are exaggerated; the usual when absent. */
  readonly emphasis?: number
  /** How much may change, above 0 up to 1: 1 starts from noise (SDEdit). */
  readonly strength: number
  /** Width in pixels of the soft edge towards the source. */
  readonly feather: number
  /** Where the fine detail of a range made once more comes from; `made` when absent. */
  readonly detail?: RepaintDetail
}

/**
 * Fine detail as it was made, the clip's own only where nothing changed; or the clip's own drawing
 * throughout, in the colours and light that were made: its style in words (ADR 0022).
 */
export type RepaintDetail = 'made' | 'clip'

/** Tools whose marks are kept as vectors in source pixels (display orientation). */
export type MaskShape =
  | {
      readonly kind: 'stroke'
      readonly erase: boolean
      /** Brush diameter in source pixels. */
      readonly size: number
      /** x0, y0, x1, y1 ... in source pixels. */
      readonly points: readonly number[]
    }
  | {
      readonly kind: 'rectangle' | 'ellipse'
      readonly erase: boolean
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
    }
  | { readonly kind: 'lasso'; readonly erase: boolean; readonly points: readonly number[] }
  | {
      /** An imported 8-bit grey PNG under masks/, stretched over the frame. */
      readonly kind: 'bitmap'
      readonly erase: boolean
      readonly path: string
    }
  | {
      /**
       * What an interpolated mask showed between two key frames, kept so that painting on an
       * in-between frame starts from it. `t` runs from 0 (before) to 1 (after).
       */
      readonly kind: 'between'
      readonly erase: false
      readonly before: MaskKeyframe
      readonly after: MaskKeyframe
      readonly t: number
    }

/** What was painted on one source frame, in order. An empty list is a deliberately empty mask. */
export type MaskKeyframe = readonly MaskShape[]

export interface MaskRec {
  readonly id: Id
  readonly type: 'mask'
  readonly assetId: Id
  readonly name: string
  /** Key: source frame as a decimal string. */
  readonly keyframes: Readonly<Record<string, MaskKeyframe>>
  /**
   * Frames that tracking filled in, and how sure it was, 0..1. Key: source frame as a decimal
   * string. A key frame that is not named here was painted, and tracking leaves it alone.
   */
  readonly tracked?: Readonly<Record<string, number>>
  /** Between two painted frames: keep the earlier one, or move and reshape towards the later one. */
  readonly between: 'hold' | 'interpolate'
  /** Soft edge of the mask, in source pixels. */
  readonly feather: number
  /** Positive grows, negative shrinks, in source pixels. */
  readonly grow: number
  readonly inverted: boolean
  readonly overlay: { readonly colour: string; readonly opacity: number }
}

export interface TakeRec {
  readonly id: Id
  readonly type: 'take'
  readonly segmentId: Id
  /** Folder relative to the project: `takes/<segment>/<take>`, holding take.mkv, recipe.json, confidence.json. */
  readonly path: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly name: string
  /** Source frames `[from, to)` this take holds; equal to the segment's range when it was made. */
  readonly from: number
  readonly to: number
  /** Mean of the per-frame confidence, 0..1. */
  readonly confidence: number
  /** Whole-job seconds it took to make. */
  readonly seconds: number
  /**
   * What lay beneath when it was made, from the lowest to the highest: its pixels fit nothing else.
   * Absent where nobody knows.
   */
  readonly under?: readonly TakeBeneath[]
}

/** A take that lay beneath another, on source frames `[from, to)`. */
export interface TakeBeneath {
  /** Its folder: the two halves of a clip that was cut have takes with ids of their own in one folder. */
  readonly path: string
  readonly from: number
  readonly to: number
}

export interface MarkerRec {
  readonly id: Id
  readonly type: 'marker'
  /** Timeline frame. */
  readonly frame: number
  readonly label: string
}

/** All records of one type. Their order means nothing: sort by a field where it matters. */
export function recordsOf<T extends RecType>(doc: ProjectDoc, type: T): RecOf<T>[] {
  const found: RecOf<T>[] = []
  for (const record of Object.values(doc.records)) {
    if (record.type === type) found.push(record as RecOf<T>)
  }
  return found
}

/** A range made once more on the clip's own drawing: its style in words. */
export function isStyleInWords(segment: SegmentRec): segment is RegenerateSegmentRec {
  return segment.verb === 'regenerate' && segment.params.detail === 'clip'
}

/** The record with this id when it exists and has this type. */
export function recordOf<T extends RecType>(
  doc: ProjectDoc,
  type: T,
  id: Id | null | undefined,
): RecOf<T> | undefined {
  if (id === null || id === undefined || !Object.hasOwn(doc.records, id)) return undefined
  const record = doc.records[id]
  return record?.type === type ? (record as RecOf<T>) : undefined
}
