/** Whether a pixel format of ffmpeg carries transparency: `yuva444p12le`, `rgba`, `argb`, `ya8`, `gbrap`. */
export function isTransparent(pixelFormat: string): boolean {
  return /^(yuva|gbrap|ya\d|rgba|bgra|argb|abgr|pal8a|ayuv)/.test(pixelFormat)
}

/** How people call the curve of a high dynamic range, by its name in the standards. */
export function hdrName(transfer: string): string {
  return { smpte2084: 'PQ', 'arib-std-b67': 'HLG' }[transfer] ?? transfer
}
