import type { Command } from '../../shared/document/commands.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import type {
  AssetRec,
  ClipRec,
  Id,
  MaskRec,
  ProjectDoc,
  SegmentRec,
  TakeRec,
} from '../../shared/document/model.js'
import { clipSourceRange } from '../../shared/document/timing.js'
import { DEFAULT_STYLISE } from '../../shared/style.js'
import { newId } from '../../shared/ids.js'
import { clipAt, sourceFrameAt } from '../player/timelineMap.js'
import type { EditorState } from './editor.js'

/** What the inspector, the viewer and the keys act on: derived from document and selection, in one place. */
export interface Focus {
  readonly clip: ClipRec
  readonly asset: AssetRec
  readonly mask: MaskRec | undefined
  readonly segment: SegmentRec | undefined
}

type Selection = Pick<
  EditorState,
  'playhead' | 'selectedClipId' | 'selectedSegmentId' | 'selectedMaskId'
>

/** Overlay colours offered for masks, chosen to stand out from skin, foliage, sky and asphalt alike. */
export const MASK_COLOURS = ['#ff3d71', '#33d6a6', '#4aa8ff', '#ffd23d', '#c77dff'] as const

export const DEFAULT_REMOVE_PARAMS = { dilate: null, feather: 3, seed: 0 } as const

/** The selected clip, or the one under the playhead, with the edit and mask in hand on it. */
export function focusOf(doc: ProjectDoc, selection: Selection): Focus | undefined {
  const chosen = recordOf(doc, 'segment', selection.selectedSegmentId)
  const clip =
    recordOf(doc, 'clip', selection.selectedClipId) ??
    recordOf(doc, 'clip', chosen?.clipId) ??
    clipAt(doc, selection.playhead) ??
    undefined
  const asset = clip && recordOf(doc, 'asset', clip.assetId)
  if (!clip || !asset) return undefined

  const segments = segmentsOf(doc, clip.id)
  const masks = masksOf(doc, asset.id)
  const picked = masks.find((mask) => mask.id === selection.selectedMaskId)
  const segment =
    segments.find((one) => one.id === chosen?.id) ??
    segments.find((one) => picked !== undefined && one.maskId === picked.id) ??
    (picked === undefined ? segments[0] : undefined)
  const own = masks.find((one) => one.id === segment?.maskId)
  // An edit of the whole frame has no mask, whatever else was painted on the clip.
  const mask = own ?? (segment?.maskId === null ? undefined : (picked ?? masks[0]))
  return { clip, asset, mask, segment }
}

export function masksOf(doc: ProjectDoc, assetId: Id): MaskRec[] {
  return recordsOf(doc, 'mask')
    .filter((mask) => mask.assetId === assetId)
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
}

/** The AI edits of a clip in the order they stand on it. */
export function segmentsOf(doc: ProjectDoc, clipId: Id): SegmentRec[] {
  return recordsOf(doc, 'segment')
    .filter((segment) => segment.clipId === clipId)
    .sort((a, b) => a.from - b.from || a.id.localeCompare(b.id))
}

/** The takes of an edit, oldest first. */
export function takesOf(doc: ProjectDoc, segmentId: Id): TakeRec[] {
  return recordsOf(doc, 'take')
    .filter((take) => take.segmentId === segmentId)
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** Source frame that a clip shows at a timeline frame; outside the clip, that of its nearest end. */
export function sourceFrameIn(
  doc: ProjectDoc,
  { clip, asset }: Pick<Focus, 'clip' | 'asset'>,
  timelineFrame: number,
): number {
  const last = clip.start + clip.length - 1
  const inside = Math.min(Math.max(timelineFrame, clip.start), last)
  return sourceFrameAt(clip, asset, doc.meta.fps, inside)
}

/** Source frames `[from, to)` that a clip uses. */
export function sourceRange(
  doc: ProjectDoc,
  on: Pick<Focus, 'clip' | 'asset'>,
): { readonly from: number; readonly to: number } {
  return clipSourceRange(on.clip, on.asset, doc.meta.fps)
}

/** Timeline frames `[from, to)`. */
interface Range {
  readonly from: number
  readonly to: number
}

/** What a new edit covers, in source frames: the marked range, or the whole clip where that lies elsewhere. */
function wantedRange(
  doc: ProjectDoc,
  on: Pick<Focus, 'clip' | 'asset'>,
  range: Range | null,
): { readonly from: number; readonly to: number } {
  return (range === null ? null : sourcePart(doc, on, range)) ?? sourceRange(doc, on)
}

/** The part of a timeline range `[from, to)` that lies on a clip, in source frames; null when none does. */
export function sourcePart(
  doc: ProjectDoc,
  on: Pick<Focus, 'clip' | 'asset'>,
  range: Range,
): { readonly from: number; readonly to: number } | null {
  const from = Math.max(range.from, on.clip.start)
  const to = Math.min(range.to, on.clip.start + on.clip.length)
  if (to <= from) return null
  return { from: sourceFrameIn(doc, on, from), to: sourceFrameIn(doc, on, to - 1) + 1 }
}

/**
 * What must be in place before a mark is painted on a clip: the mask, and the edit that uses
 * it. Send `commands` together with the mark, so that one undo takes all of it back.
 */
export function readyToPaint(
  doc: ProjectDoc,
  focus: Focus,
  names: { readonly mask: (number: number) => string },
  range: Range | null,
): { readonly maskId: Id; readonly commands: readonly Command[] } {
  if (focus.mask && focus.segment) return { maskId: focus.mask.id, commands: [] }
  if (focus.mask) {
    return { maskId: focus.mask.id, commands: [addSegment(doc, focus, focus.mask.id, range)] }
  }
  if (focus.segment) {
    const mask = newMask(doc, focus, names)
    const changes = { maskId: mask.id }
    return {
      maskId: mask.id,
      commands: [
        { type: 'mask.add', mask },
        { type: 'segment.update', id: focus.segment.id, changes },
      ],
    }
  }
  return newRemoval(doc, focus, names, range)
}

/** The command for an edit in words over the marked range, or the whole clip, with nothing said yet. */
export function newEdit(
  doc: ProjectDoc,
  focus: Focus,
  range: Range | null,
): Extract<Command, { type: 'segment.add' }> {
  return {
    type: 'segment.add',
    segment: {
      id: newId('segment'),
      type: 'segment',
      clipId: focus.clip.id,
      verb: 'edit',
      ...wantedRange(doc, focus, range),
      maskId: null,
      params: { prompt: '', operations: [], feather: 4, seed: 0 },
      acceptedTakeId: null,
    },
  }
}

/** The command for a style over the marked range, or the whole clip, its picture still to be chosen. */
export function newStyle(
  doc: ProjectDoc,
  focus: Focus,
  range: Range | null,
): Extract<Command, { type: 'segment.add' }> {
  return {
    type: 'segment.add',
    segment: {
      id: newId('segment'),
      type: 'segment',
      clipId: focus.clip.id,
      verb: 'stylise',
      ...wantedRange(doc, focus, range),
      maskId: null,
      params: DEFAULT_STYLISE,
      acceptedTakeId: null,
    },
  }
}

/** What a model is asked for until something else is chosen; the pack decides the rest. */
export const DEFAULT_REPAINT_PARAMS = { steps: null, guidance: null, feather: 4 } as const

/** How much of a range made once more may change: enough to see, little enough to know it again. */
export const DEFAULT_STRENGTH = 0.6

/** Commands for a painted region that a model makes anew, over the whole clip or a part of it. */
export function newReplacement(
  doc: ProjectDoc,
  focus: Focus,
  options: {
    readonly mask: (number: number) => string
    readonly range: Range | null
    readonly seed: number
  },
): { readonly maskId: Id; readonly segmentId: Id; readonly commands: readonly Command[] } {
  const mask = newMask(doc, focus, options)
  const segment = {
    ...repaintBase(doc, focus, options.range),
    verb: 'replace',
    maskId: mask.id,
    params: { ...DEFAULT_REPAINT_PARAMS, prompt: '', seed: options.seed, strength: 1 },
  } as const
  const commands = [
    { type: 'mask.add', mask },
    { type: 'segment.add', segment },
  ] as const
  return { maskId: mask.id, segmentId: segment.id, commands }
}

/** The command for a range made once more; what a model made brings its own words. */
export function newRegeneration(
  doc: ProjectDoc,
  focus: Focus,
  options: {
    readonly range: Range | null
    readonly seed: number
  },
): Extract<Command, { type: 'segment.add' }> {
  const { made } = focus.asset
  return {
    type: 'segment.add',
    segment: {
      ...repaintBase(doc, focus, options.range),
      verb: 'regenerate',
      maskId: null,
      params: {
        ...DEFAULT_REPAINT_PARAMS,
        prompt: made?.prompt ?? '',
        seed: made?.seed ?? options.seed,
        strength: DEFAULT_STRENGTH,
      },
    },
  }
}

function repaintBase(doc: ProjectDoc, focus: Focus, range: Range | null) {
  return {
    ...({ id: newId('segment'), type: 'segment', clipId: focus.clip.id } as const),
    ...wantedRange(doc, focus, range),
    acceptedTakeId: null,
  }
}

/** Commands for a fresh mask and a removal over the marked range, or the whole clip, that uses it. */
export function newRemoval(
  doc: ProjectDoc,
  focus: Focus,
  names: { readonly mask: (number: number) => string },
  range: Range | null,
): { readonly maskId: Id; readonly segmentId: Id; readonly commands: readonly Command[] } {
  const mask = newMask(doc, focus, names)
  const add = addSegment(doc, focus, mask.id, range)
  return { maskId: mask.id, segmentId: add.segment.id, commands: [{ type: 'mask.add', mask }, add] }
}

/** An empty mask on the clip's media. */
export function newMask(
  doc: ProjectDoc,
  focus: Focus,
  names: { readonly mask: (number: number) => string },
): MaskRec {
  const count = masksOf(doc, focus.asset.id).length
  return {
    id: newId('mask'),
    type: 'mask',
    assetId: focus.asset.id,
    name: names.mask(count + 1),
    keyframes: {},
    between: 'interpolate',
    feather: 0,
    grow: 0,
    inverted: false,
    overlay: { colour: MASK_COLOURS[count % MASK_COLOURS.length] ?? MASK_COLOURS[0], opacity: 0.5 },
  }
}

function addSegment(
  doc: ProjectDoc,
  focus: Focus,
  maskId: Id,
  range: Range | null,
): Extract<Command, { type: 'segment.add' }> {
  return {
    type: 'segment.add',
    segment: {
      id: newId('segment'),
      type: 'segment',
      clipId: focus.clip.id,
      verb: 'remove',
      ...wantedRange(doc, focus, range),
      maskId,
      params: DEFAULT_REMOVE_PARAMS,
      acceptedTakeId: null,
    },
  }
}
