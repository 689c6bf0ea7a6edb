import type { MaskRec, MediaInfo, RemoveParams } from '../document/model.js'

/** What a mask may leave out of an object: its attached shadow, and parts that stick out. */
export const LEFTOVER_KINDS = ['shadow', 'parts'] as const
export type LeftoverKind = (typeof LEFTOVER_KINDS)[number]

/** Looks for what a removal's mask leaves out. */
export interface LeftoversTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)` of the removal. */
  readonly range: { readonly from: number; readonly to: number }
  readonly mask: MaskRec
  /** Folder that bitmap shapes' paths are relative to. */
  readonly root: string
  readonly params: RemoveParams
  readonly ffmpegPath: string
}

/** What was found, of each kind as shapes to be added to the mask, in source pixels; {} where none was. */
export interface FoundLeftovers extends Readonly<Record<LeftoverKind, MaskRec['keyframes']>> {
  /** The mask's own key frames that were looked at. */
  readonly looked: number
}
