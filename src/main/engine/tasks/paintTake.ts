import type { Picture } from '../vision/image.js'
import type { Rim } from '../vision/rim.js'
import type { WindowFrame } from '../vision/window.js'

export interface TakeFrame {
  /** What is stored: only changed pixels, alpha 0 and black everywhere else. */
  readonly rgba: Uint8Array
  /** The source with the take over it, for the preview. */
  readonly shown: Picture
}

/** Lays one filled frame out as a frame of the take. */
export function paintTake({ frame, filled }: WindowFrame, rim: Rim | null): TakeFrame {
  const { picture, hole } = frame
  const rgba = new Uint8Array(picture.width * picture.height * 4)
  if (filled === null || hole === null || rim === null) return { rgba, shown: picture }
  const shown = picture.data.slice()
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 0) continue
    const pixel = hole.pixels[n]!
    const alpha = rim.alpha[pixel]!
    rgba[pixel * 4 + 3] = alpha
    for (let c = 0; c < 3; c++) {
      const value = Math.min(255, Math.max(0, Math.round(filled.colours[n * 3 + c]!)))
      rgba[pixel * 4 + c] = value
      const under = shown[pixel * 3 + c]!
      shown[pixel * 3 + c] = Math.round(under + ((value - under) * alpha) / 255)
    }
  }
  return { rgba, shown: { ...picture, data: shown } }
}
