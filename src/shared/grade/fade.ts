import { bakeLut } from './bake.js'
import type { Lut } from './lut.js'
import { fromOklab, gammaOf } from './oklab.js'
import type { Triple } from './oklab.js'
import type { PaintColour } from '../edit/colours.js'

/** How far a frame has gone into one colour (sRGB 0..1). */
export interface Fade {
  readonly amount: number
  readonly to: Readonly<Triple>
}

export function colourOfFade({ hue, chroma, lightness }: PaintColour): Triple {
  const turn = (hue * Math.PI) / 180
  const colour: Triple = [lightness, chroma * Math.cos(turn), chroma * Math.sin(turn)]
  fromOklab(colour)
  for (let c = 0; c < 3; c++) colour[c] = gammaOf(colour[c] as number)
  // What no screen tells from black or white is one of them.
  if (lightness <= 0 || lightness >= 1) colour.fill(lightness <= 0 ? 0 : 1)
  return colour
}

/**
 * Fades sRGB values, in place. Straight in sRGB, as editing programs do it: even to the eye. In
 * linear light a fade to black hardly shows for half of its time and is over at once.
 */
export function fadeRow(row: Float32Array, fades: readonly Fade[]): void {
  for (const { amount, to } of fades) {
    for (let at = 0; at < row.length; at++) {
      const value = row[at] as number
      row[at] = value + ((to[at % 3] as number) - value) * amount
    }
  }
}

let neutral: Lut | null = null

/** A table with the fades in it: they are straight lines, so nothing is lost between its points. */
export function fadedLut(lut: Lut | null, fades: readonly Fade[]): Lut {
  neutral ??= bakeLut([])
  const faded = (lut ?? neutral).slice()
  fadeRow(faded, fades)
  return faded
}
