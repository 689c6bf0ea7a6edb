/** Where the picture lies in the viewer: screen = offset + zoom * picture, all in CSS pixels. */
export interface View {
  /** CSS pixels per picture pixel. */
  readonly zoom: number
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export const MIN_ZOOM = 0.05
export const MAX_ZOOM = 32
/** From here on pixels are shown as squares rather than smoothed. */
export const PIXEL_ZOOM = 2
/** Free space around a fitted picture. */
const FIT_MARGIN = 16

export function clampZoom(zoom: number): number {
  return Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom))
}

/** The whole picture, centred. */
export function fitView(picture: Size, screen: Size): View {
  const zoom = clampZoom(
    Math.min(
      (screen.width - 2 * FIT_MARGIN) / picture.width,
      (screen.height - 2 * FIT_MARGIN) / picture.height,
    ),
  )
  return centredView(picture, screen, zoom)
}

/** The picture's middle in the screen's middle; on whole pixels, so that 100 % is sharp. */
export function centredView(picture: Size, screen: Size, zoom: number): View {
  return {
    zoom,
    x: Math.round((screen.width - picture.width * zoom) / 2),
    y: Math.round((screen.height - picture.height * zoom) / 2),
  }
}

/** Changes the zoom while the picture point under `anchor` (screen) stays where it is. */
export function zoomAround(view: View, anchor: Point, zoom: number): View {
  const next = clampZoom(zoom)
  const ratio = next / view.zoom
  return {
    zoom: next,
    x: anchor.x - (anchor.x - view.x) * ratio,
    y: anchor.y - (anchor.y - view.y) * ratio,
  }
}

/** Moves the view but keeps at least `margin` pixels of the picture on the screen. */
export function panBy(view: View, delta: Point, picture: Size, screen: Size, margin = 40): View {
  const within = (value: number, size: number, room: number): number =>
    Math.max(margin - size * view.zoom, Math.min(room - margin, value))
  return {
    zoom: view.zoom,
    x: within(view.x + delta.x, picture.width, screen.width),
    y: within(view.y + delta.y, picture.height, screen.height),
  }
}

/** Zoom after turning the wheel: equal turns multiply equally, a notch (100 px) is about 22 %. */
export function wheelZoom(zoom: number, deltaY: number): number {
  return clampZoom(zoom * Math.exp(-deltaY * 0.002))
}

export interface Placement {
  readonly x: number
  readonly y: number
  readonly scale: number
}

/** Where a source of another size lies inside the timeline's frame: whole, centred. */
export function contain(source: Size, frame: Size): Placement {
  const scale = Math.min(frame.width / source.width, frame.height / source.height)
  return {
    scale,
    x: (frame.width - source.width * scale) / 2,
    y: (frame.height - source.height * scale) / 2,
  }
}

/** From a point on the screen to source pixels. */
export function toSource(point: Point, view: View, placement: Placement): Point {
  return {
    x: ((point.x - view.x) / view.zoom - placement.x) / placement.scale,
    y: ((point.y - view.y) / view.zoom - placement.y) / placement.scale,
  }
}

/** From source pixels to a point on the screen. */
export function toScreen(point: Point, view: View, placement: Placement): Point {
  return {
    x: view.x + view.zoom * (placement.x + placement.scale * point.x),
    y: view.y + view.zoom * (placement.y + placement.scale * point.y),
  }
}
