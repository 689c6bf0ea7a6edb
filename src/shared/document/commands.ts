import type { EditParams } from '../edit/operations.js'
import type { StyliseParams } from '../style.js'
import type {
  AssetRec,
  ClipRec,
  Id,
  MarkerRec,
  MaskKeyframe,
  MaskRec,
  MaskShape,
  ProjectMeta,
  RemoveParams,
  RepaintParams,
  SegmentRec,
  TakeRec,
  TrackRec,
} from './model.js'

/**
 * Everything that can change a document, as JSON. Ids are chosen by the sender, so the
 * same command gives the same document in core and in the renderer's replica.
 * What each one does and when it is rejected: apply.ts. Wire validation: schema.ts.
 */
export type Command =
  | { readonly type: 'project.rename'; readonly name: string }
  | {
      /** Sets the timeline's rate and size; what stands on it keeps its place in time. */
      readonly type: 'project.setFormat'
      readonly format: Pick<ProjectMeta, 'fps' | 'width' | 'height'>
    }
  | { readonly type: 'asset.add'; readonly asset: AssetRec }
  | { readonly type: 'asset.rename'; readonly id: Id; readonly name: string }
  | {
      /** Removes the asset with its clips, masks, segments and takes. Files stay until the project is cleaned. */
      readonly type: 'asset.remove'
      readonly id: Id
    }
  | { readonly type: 'track.add'; readonly track: TrackRec }
  | {
      readonly type: 'track.update'
      readonly id: Id
      readonly changes: Partial<Pick<TrackRec, 'name' | 'muted'>>
    }
  | { readonly type: 'clip.add'; readonly clip: ClipRec }
  | {
      readonly type: 'clip.move'
      readonly id: Id
      readonly start: number
      /** A track of the same kind; where it is when absent. */
      readonly trackId?: Id
    }
  | {
      readonly type: 'clip.update'
      readonly id: Id
      readonly changes: Partial<Pick<ClipRec, 'overlay'>>
    }
  | {
      readonly type: 'clip.trim'
      readonly id: Id
      readonly start: number
      readonly in: number
      readonly length: number
    }
  | { readonly type: 'clip.remove'; readonly id: Id }
  | {
      /** Cuts a clip in two at a timeline frame inside it; see cutting.ts for what becomes of its edits. */
      readonly type: 'clip.split'
      readonly id: Id
      readonly frame: number
      /** The part from `frame` on. */
      readonly newId: Id
    }
  | { readonly type: 'mask.add'; readonly mask: MaskRec }
  | {
      /** Appends one shape to the key frame; how a new key frame starts: maskCommands.ts. */
      readonly type: 'mask.addShape'
      readonly id: Id
      readonly frame: number
      readonly shape: MaskShape
    }
  | {
      /** Replaces a key frame as a whole: clear (empty list), paste, copy from another frame. */
      readonly type: 'mask.setKeyframe'
      readonly id: Id
      readonly frame: number
      readonly shapes: MaskKeyframe
    }
  | { readonly type: 'mask.removeKeyframe'; readonly id: Id; readonly frame: number }
  | {
      /** Puts what tracking found over source frames `[from, to)`; painted key frames in there stay. */
      readonly type: 'mask.track'
      readonly id: Id
      readonly from: number
      readonly to: number
      /** Key frames inside the range, by source frame as a decimal string. */
      readonly keyframes: MaskRec['keyframes']
      /** Per frame of the range, 0..1. */
      readonly confidence: readonly number[]
    }
  | {
      readonly type: 'mask.update'
      readonly id: Id
      readonly changes: Partial<
        Pick<MaskRec, 'name' | 'between' | 'feather' | 'grow' | 'inverted' | 'overlay'>
      >
    }
  | { readonly type: 'mask.remove'; readonly id: Id }
  | { readonly type: 'segment.add'; readonly segment: SegmentRec }
  | {
      readonly type: 'segment.update'
      readonly id: Id
      /** `params` must be those of the segment's verb. */
      readonly changes: Partial<Pick<SegmentRec, 'from' | 'to' | 'maskId'>> & {
        readonly params?:
          | Partial<RemoveParams>
          | Partial<EditParams>
          | Partial<RepaintParams>
          | Partial<StyliseParams>
      }
    }
  | {
      /** Lays a segment directly above another of its clip; null is below all of them. */
      readonly type: 'segment.move'
      readonly id: Id
      readonly above: Id | null
    }
  | { readonly type: 'segment.remove'; readonly id: Id }
  | { readonly type: 'take.add'; readonly take: TakeRec }
  | {
      /** Shows the take in place of the source; `takeId: null` goes back to the source. */
      readonly type: 'take.accept'
      readonly segmentId: Id
      readonly takeId: Id | null
    }
  | { readonly type: 'take.remove'; readonly id: Id }
  | { readonly type: 'marker.add'; readonly marker: MarkerRec }
  | {
      readonly type: 'marker.update'
      readonly id: Id
      readonly changes: Partial<Pick<MarkerRec, 'frame' | 'label'>>
    }
  | { readonly type: 'marker.remove'; readonly id: Id }

export type CommandType = Command['type']
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>
