import type { MaskRec, MediaInfo, RemoveParams } from '../document/model.js'

/** Looks for the shadow that an object leaves outside its mask. */
export interface ShadowTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)` of the removal. */
  readonly range: { readonly from: number; readonly to: number }
  readonly mask: MaskRec
  /** Folder that bitmap shapes' paths are relative to. */
  readonly root: string
  readonly params: RemoveParams
  readonly ffmpegPath: string
}

/** A shadow as shapes to be added to the mask; empty where none was found. */
export interface FoundShadow {
  /** By source frame: the mask's own key frames, in source pixels. */
  readonly keyframes: MaskRec['keyframes']
  /** Key frames looked at. */
  readonly looked: number
}
