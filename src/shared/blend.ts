/** How a clip lies over what is below it. */
export const BLEND_MODES = ['normal', 'screen', 'add', 'multiply'] as const
export type BlendMode = (typeof BLEND_MODES)[number]

/** How an overlay clip is laid over the picture below. */
export interface OverlayLook {
  readonly blend: BlendMode
  /** 0..1 */
  readonly opacity: number
  /** The whole picture inside the frame, or the frame filled and what does not fit cut off. */
  readonly fit: 'inside' | 'fill'
}

/** What a clip without a look of its own has: it covers what is below. */
export const PLAIN_LOOK: OverlayLook = { blend: 'normal', opacity: 1, fit: 'inside' }

/**
 * One sample of an overlay over one below, 0..255, in the picture's own (display) values: the
 * arithmetic of a canvas's `source-over`, `screen`, `lighter` and `multiply`, which is what the
 * viewer draws with. Not rounded.
 */
export function blendLevel(
  { blend, opacity }: Pick<OverlayLook, 'blend' | 'opacity'>,
  below: number,
  above: number,
): number {
  switch (blend) {
    case 'normal':
      return below + (above - below) * opacity
    case 'screen':
      return below + (above - (below * above) / 255) * opacity
    case 'add':
      return Math.min(255, below + above * opacity)
    case 'multiply':
      return below + ((below * above) / 255 - below) * opacity
  }
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Where a picture lies in a frame: whole and centred, or filling it, centred, its edges cut off.
 *
 * @returns scale of the picture, and the place of its corner in the frame (negative where cut off)
 */
export function placePicture(
  picture: Size,
  frame: Size,
  fit: OverlayLook['fit'],
): { readonly scale: number; readonly x: number; readonly y: number } {
  const [across, down] = [frame.width / picture.width, frame.height / picture.height]
  const scale = fit === 'inside' ? Math.min(across, down) : Math.max(across, down)
  return {
    scale,
    x: (frame.width - picture.width * scale) / 2,
    y: (frame.height - picture.height * scale) / 2,
  }
}
