import { expect, it } from 'vitest'
import { drawTimeline } from './drawTimeline.js'
import type { Colours, TimelineScene } from './scene.js'

/** Letters of 6 pixels; remembers what was written where. */
function recorder() {
  const texts: { readonly text: string; readonly x: number }[] = []
  const methods = {
    measureText: (text: string) => ({ width: 6 * text.length }),
    fillText: (text: string, x: number) => texts.push({ text, x }),
  }
  const context = new Proxy(methods, {
    get: (known, name) => Reflect.get(known, name) ?? (() => undefined),
    set: () => true,
  }) as unknown as CanvasRenderingContext2D
  return { context, texts }
}

it('writes no label of the ruler that the right edge would cut', () => {
  const doc = {
    meta: { id: 'p', name: 'p', createdAt: '', fps: { num: 25, den: 1 }, width: 64, height: 36 },
    records: {},
  }
  for (let width = 400; width < 520; width += 7) {
    const { context, texts } = recorder()
    const view = { scale: 5, scroll: 0, width }
    const scene: Partial<TimelineScene> = {
      ...{ doc, view, rows: [], height: 100, range: null, guide: null },
      colours: {} as Colours,
    }
    drawTimeline(context, scene as TimelineScene)
    expect(texts.length).toBeGreaterThan(2)
    for (const { text, x } of texts) expect(x + 6 * text.length).toBeLessThanOrEqual(width)
  }
})
