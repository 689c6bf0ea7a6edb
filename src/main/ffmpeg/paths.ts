import { resolve } from 'node:path'

/** A path that cannot be mistaken for an option or a protocol. */
export function fileUrl(path: string): string {
  return `file:${resolve(path)}`
}

/** Options before `-i` that keep a picture's name such as `50%.png` from being a numbered sequence. */
export function patternOptions(path: string): readonly string[] {
  const picture = /\.(png|jpe?g|webp|bmp|tiff?)$/i.test(path)
  return picture && /[%*?{[]/.test(path) ? ['-f', 'image2', '-pattern_type', 'none'] : []
}

/** The whole input of a command. */
export function inputOf(path: string): readonly string[] {
  return [...patternOptions(path), '-i', fileUrl(path)]
}
