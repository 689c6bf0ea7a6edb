import { placePicture } from '../../shared/blend.js'
import type { BlendMode, OverlayLook } from '../../shared/blend.js'
import type { MaskShape } from '../../shared/document/model.js'
import type { Overlay } from './maskOverlay.js'
import { PIXEL_ZOOM, contain } from './view.js'
import type { Placement, Point, Size, View } from './view.js'

type Context = CanvasRenderingContext2D

/** Makes one unit one source pixel, with the source's corner at 0, 0. */
function enterSource(context: Context, view: View, placement: Placement): void {
  context.translate(view.x + view.zoom * placement.x, view.y + view.zoom * placement.y)
  context.scale(view.zoom * placement.scale, view.zoom * placement.scale)
}

/** A picture with the size that it stands for, in source pixels. */
export interface Drawable {
  readonly picture: CanvasImageSource
  readonly of: Size
}

function drawOne(context: Context, shown: Drawable, view: View, frame: Size): void {
  const { of, picture } = shown
  context.save()
  enterSource(context, view, contain(of, frame))
  context.imageSmoothingEnabled = view.zoom < PIXEL_ZOOM
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, of.width, of.height)
  context.restore()
}

/**
 * The film: black frame, the source, and the take over it.
 * @param wipe part of the width, from the left, that shows the source; null shows the take everywhere
 */
export function drawFilm(
  context: Context,
  view: View,
  frame: Size,
  shown: { readonly source: Drawable | null; readonly take: Drawable | null },
  wipe: number | null,
): void {
  const width = frame.width * view.zoom
  const height = frame.height * view.zoom
  context.fillStyle = '#000'
  context.fillRect(view.x, view.y, width, height)
  if (shown.source !== null && (shown.take === null || wipe !== null)) {
    drawOne(context, shown.source, view, frame)
  }
  if (shown.take === null) return
  context.save()
  if (wipe !== null) {
    context.beginPath()
    context.rect(view.x + width * wipe, view.y, width * (1 - wipe), height)
    context.clip()
  }
  drawOne(context, shown.take, view, frame)
  context.restore()
}

/**
 * Two films side by side, each the whole viewer as large as its frame fits into a half: zoom and pan
 * move both alike.
 * @param screen size of the viewer in CSS pixels
 */
export function drawSides(
  context: Context,
  screen: Size,
  frame: Size,
  left: (context: Context) => void,
  right: (context: Context) => void,
): void {
  const half = screen.width / 2
  const fitted = Math.min(screen.width, (screen.height * frame.width) / frame.height)
  const scale = Math.min(1, half / fitted)
  for (const [index, draw] of [left, right].entries()) {
    context.save()
    context.beginPath()
    context.rect(index * half, 0, half, screen.height)
    context.clip()
    context.translate(
      index * half + (half - scale * screen.width) / 2,
      ((1 - scale) * screen.height) / 2,
    )
    context.scale(scale, scale)
    draw(context)
    context.restore()
  }
}

/** What the canvas calls the blend modes; the arithmetic is that of shared/blend.ts. */
const COMPOSITE: Readonly<Record<BlendMode, GlobalCompositeOperation>> = {
  normal: 'source-over',
  screen: 'screen',
  add: 'lighter',
  multiply: 'multiply',
}

/** Overlays over the film, each by its look, cut off at the frame. */
export function drawOverlays(
  context: Context,
  view: View,
  frame: Size,
  overlays: readonly (Drawable & { readonly look: OverlayLook })[],
): void {
  if (overlays.length === 0) return
  context.save()
  context.beginPath()
  context.rect(view.x, view.y, frame.width * view.zoom, frame.height * view.zoom)
  context.clip()
  for (const { picture, of, look } of overlays) {
    context.save()
    enterSource(context, view, placePicture(of, frame, look.fit))
    context.imageSmoothingEnabled = view.zoom < PIXEL_ZOOM
    context.imageSmoothingQuality = 'high'
    context.globalCompositeOperation = COMPOSITE[look.blend]
    context.globalAlpha = look.opacity
    context.drawImage(picture, 0, 0, of.width, of.height)
    context.restore()
  }
  context.restore()
}

/** Fills a shape in source pixels with the current style; imported pictures come with the overlay. */
export function fillShape(context: Context, shape: MaskShape): void {
  switch (shape.kind) {
    case 'stroke': {
      const [x = 0, y = 0] = shape.points
      context.beginPath()
      if (shape.points.length <= 2) {
        context.arc(x, y, shape.size / 2, 0, 2 * Math.PI)
        context.fill()
        return
      }
      tracePoints(context, shape.points)
      context.lineWidth = shape.size
      context.lineCap = 'round'
      context.lineJoin = 'round'
      context.stroke()
      return
    }
    case 'rectangle':
      context.fillRect(shape.x, shape.y, shape.width, shape.height)
      return
    case 'ellipse':
      context.beginPath()
      context.ellipse(
        shape.x + shape.width / 2,
        shape.y + shape.height / 2,
        shape.width / 2,
        shape.height / 2,
        0,
        0,
        2 * Math.PI,
      )
      context.fill()
      return
    case 'lasso':
      context.beginPath()
      tracePoints(context, shape.points)
      context.closePath()
      context.fill()
      return
    case 'bitmap':
    case 'between':
      return
  }
}

function tracePoints(context: Context, points: readonly number[]): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] ?? 0
    const y = points[i + 1] ?? 0
    if (i === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
}

/** The mask in its colour, with the marks that are not part of the drawn mask yet. Its layer holds nothing else. */
export function drawMask(
  context: Context,
  view: View,
  frame: Size,
  source: Size,
  mask: {
    readonly overlay: Overlay | null
    readonly live: readonly MaskShape[]
    readonly inverted: boolean
    readonly colour: string
  },
): void {
  context.save()
  enterSource(context, view, contain(source, frame))
  context.beginPath()
  context.rect(0, 0, source.width, source.height)
  context.clip()
  if (mask.overlay !== null) {
    context.imageSmoothingEnabled = true
    context.drawImage(mask.overlay.picture, 0, 0, source.width, source.height)
  }
  context.fillStyle = '#fff'
  context.strokeStyle = '#fff'
  for (const shape of mask.live) {
    context.globalCompositeOperation =
      shape.erase !== mask.inverted ? 'destination-out' : 'source-over'
    fillShape(context, shape)
  }
  context.globalCompositeOperation = 'source-in'
  context.fillStyle = mask.colour
  context.fillRect(0, 0, source.width, source.height)
  context.restore()
}

/** Screen pixels of one dash and gap of an outline. */
export const DASH = 4

/** The edge of the mask as moving dashes: light on dark, seen on any picture. */
export function drawOutlines(
  context: Context,
  view: View,
  frame: Size,
  source: Size,
  outlines: readonly (readonly number[])[],
  phase: number,
  colour = 'rgb(255 255 255 / 85%)',
): void {
  if (outlines.length === 0) return
  const placement = contain(source, frame)
  const pixel = 1 / (view.zoom * placement.scale)
  context.save()
  enterSource(context, view, placement)
  context.beginPath()
  for (const points of outlines) {
    tracePoints(context, points)
    context.closePath()
  }
  context.lineWidth = pixel
  context.strokeStyle = 'rgb(0 0 0 / 55%)'
  context.stroke()
  context.setLineDash([DASH * pixel, DASH * pixel])
  context.lineDashOffset = -phase * pixel
  context.strokeStyle = colour
  context.stroke()
  context.restore()
}

/** A circle of the brush's true size, or a cross where there is no brush. */
export function drawCursor(
  context: Context,
  at: Point,
  radius: number | null,
  pressed: boolean,
): void {
  context.save()
  const lines: readonly [string, number][] = [
    ['rgb(0 0 0 / 70%)', pressed ? 4 : 3],
    ['#fff', pressed ? 2 : 1],
  ]
  for (const [style, width] of lines) {
    context.strokeStyle = style
    context.lineWidth = width
    context.beginPath()
    if (radius !== null && radius >= 2) {
      context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
    } else {
      context.moveTo(at.x - 9, at.y)
      context.lineTo(at.x + 9, at.y)
      context.moveTo(at.x, at.y - 9)
      context.lineTo(at.x, at.y + 9)
    }
    context.stroke()
  }
  context.restore()
}
