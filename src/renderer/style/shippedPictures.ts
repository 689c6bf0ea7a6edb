import type { ShippedStyle } from '../../shared/style.js'

/** The pictures themselves, as the build lays them beside the page. */
const FILES: Readonly<Record<string, string>> = import.meta.glob(
  '../../../resources/styles/*.webp',
  {
    eager: true,
    query: '?url',
    import: 'default',
  },
)

/** Address of a shipped reference picture. */
export function shippedPicture(name: ShippedStyle): string {
  return FILES[`../../../resources/styles/${name}.webp`] ?? ''
}
