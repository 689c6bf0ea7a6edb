import type { AssetRec, MadeBy } from './model.js'

/** True for pictures that a model or an effect imagined; a retimed clip shows what was filmed. */
export function isImagined(asset: AssetRec): asset is AssetRec & { readonly made: MadeBy } {
  return asset.made !== undefined && asset.made.task !== 'retime'
}
