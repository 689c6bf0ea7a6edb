import { expect, it } from 'vitest'
import { drawPlayhead, drawTimeline } from './drawTimeline.js'
import type { TimelineView } from './layout.js'
import type { Colours, TimelineScene } from './scene.js'

/** Letters of 6 pixels; remembers what was written where. */
function recorder() {
  const texts: { readonly text: string; readonly x: number }[] = []
  const corners: number[] = []
  const methods = {
    lineTo: (x: number) => corners.push(x),
    measureText: (text: string) => ({ width: 6 * text.length }),
    fillText: (text: string, x: number) => texts.push({ text, x }),
  }
  const context = new Proxy(methods, {
    get: (known, name) => Reflect.get(known, name) ?? (() => undefined),
    set: () => true,
  }) as unknown as CanvasRenderingContext2D
  return { context, texts, corners }
}

const doc = {
  meta: { id: 'p', name: 'p', createdAt: '', fps: { num: 25, den: 1 }, width: 64, height: 36 },
  records: {},
}
const colours = {} as Colours

function ruler(view: TimelineView): ReturnType<typeof recorder>['texts'] {
  const { context, texts } = recorder()
  const scene: Partial<TimelineScene> = {
    ...{ doc, view, colours, rows: [], height: 100, range: null, guide: null },
  }
  drawTimeline(context, scene as TimelineScene)
  expect(texts.length).toBeGreaterThan(2)
  return texts
}

it('writes no label of the ruler that the right edge would cut', () => {
  for (let width = 400; width < 520; width += 7) {
    for (const { text, x } of ruler({ scale: 5, scroll: 0, width })) {
      expect(x + 6 * text.length).toBeLessThanOrEqual(width)
    }
  }
})

it('writes labels where a playhead that stands at their line leaves them whole', () => {
  const view = { scale: 5, scroll: 0, width: 500 }
  const [first] = ruler(view)
  const { context, corners } = recorder()
  drawPlayhead(context, 0, view, 100, colours)
  expect(first?.text).toBe('00:00:00:00')
  // Half a pixel of its outline lies outside.
  expect(first?.x).toBeGreaterThan(Math.max(...corners) + 1)
})
