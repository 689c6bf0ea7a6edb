import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { BLEND_MODES } from '../../src/shared/blend.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { pointOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

const SIZE = { width: 320, height: 180 }
/** Middles of the four patches of the film below. */
const PATCHES = [
  [40, 90],
  [120, 90],
  [200, 90],
  [280, 90],
] as const

/** An overlay from the media panel to the export, in a real browser. */
describe.skipIf(findChromium() === null)(browserSuite('overlays, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []
  let inherent: number[][] = []

  const inspector = () => page.getByRole('region', { name: 'Inspector' })

  const doc = (): Promise<ProjectDoc> => app.doc()

  async function importClip(name: string, graph: string, place: boolean): Promise<void> {
    const { ffmpeg } = await findFfmpeg()
    const path = join(folder, name)
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', graph, '-frames:v', '24'],
      ...['-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv420p', '-colorspace', 'bt709', path],
    ])
    const before = recordsOf(await doc(), 'asset').length
    await app.api('jobs.start', { kind: 'import', input: { path, place } })
    while (recordsOf(await doc(), 'asset').length === before) await page.waitForTimeout(50)
  }

  /** What the viewer shows at points of the film, as RGB. */
  async function seen(): Promise<number[][]> {
    await page.locator('.viewer[data-settled="true"]').waitFor()
    const picture = decode(await page.screenshot())
    return Promise.all(
      PATCHES.map(async ([x, y]) => {
        const at = await pointOnPicture(page, SIZE, x, y)
        const from = (Math.round(at.y) * picture.width + Math.round(at.x)) * picture.channels
        return [...picture.data.subarray(from, from + 3)]
      }),
    )
  }

  /** The same points of the first exported frame. */
  async function written(name: string): Promise<number[][]> {
    const path = join(folder, name)
    const { id } = await app.api('jobs.start', {
      kind: 'export',
      input: { preset: 'png', path, overwrite: false, range: { from: 0, to: 1 } },
    })
    await expect
      .poll(async () => (await app.api('jobs.list', {})).find((job) => job.id === id)?.status)
      .toBe('succeeded')
    const [file] = (await readdir(path)).sort()
    const picture = decode(await readFile(join(path, file ?? '')))
    return PATCHES.map(([x, y]) => {
      const from = (y * picture.width + x) * picture.channels
      return [...picture.data.subarray(from, from + 3)]
    })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-overlays-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => problems.push(error.message))
    await app.api('project.create', { folder: join(folder, 'Film'), name: 'Film' })
    const patches = ['0x204060', '0x80A030', '0xC06090', '0xE0E0D0']
      .map((colour, n) => `drawbox=x=${n * 80}:y=0:w=80:h=180:color=${colour}:t=fill`)
      .join(',')
    const bt709 = 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'
    await importClip('film.mkv', `color=black:s=320x180:r=24,format=gbrp,${patches},${bt709}`, true)
    await importClip('glow.mkv', `color=0x907040:s=128x128:r=24,format=gbrp,${bt709}`, false)
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('adds a clip to the overlay track from the media panel', async () => {
    await page.keyboard.press('Home')
    // A preview is a compressed copy: what it is off without an overlay is no matter of overlays.
    const [shown, exported] = [await seen(), await written('plain')]
    inherent = shown.map((colour, n) =>
      colour.map((value, c) => Math.abs(value - exported[n]![c]!)),
    )
    expect(Math.max(...inherent.flat())).toBeLessThanOrEqual(6)
    await page.getByRole('button', { name: 'More about glow.mkv' }).click()
    await page.getByRole('menuitem', { name: 'Add to overlay track' }).click()
    await page.getByRole('button', { name: /^V2 glow.mkv/ }).waitFor({ state: 'attached' })
    await inspector().getByRole('combobox', { name: 'Blend' }).waitFor()
    // What needs paint on the picture is not offered for a clip above it.
    expect(
      await inspector()
        .getByRole('button', { name: /^Remove/ })
        .count(),
    ).toBe(0)
    await inspector()
      .getByRole('button', { name: /^Edit in words/ })
      .waitFor()
    // The menu's button has the focus again, and with it its name in a bubble.
    await inspector().getByRole('combobox', { name: 'Blend' }).focus()
    await page.locator('[data-radix-popper-content-wrapper]').waitFor({ state: 'detached' })
    expect(await app.complaints()).toEqual([])
  })

  it('shows what the export holds, in every blend mode', async () => {
    const opacity = inspector().getByRole('slider', { name: 'Opacity' })
    await opacity.focus()
    for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowLeft')
    await page.getByText('Showing the preview').waitFor({ state: 'hidden' })
    const all: number[][][] = []
    for (const blend of BLEND_MODES) {
      await inspector().getByRole('combobox', { name: 'Blend' }).selectOption(blend)
      await expect
        .poll(async () => recordsOf(await doc(), 'clip').find(({ overlay }) => overlay)?.overlay)
        .toEqual({ blend, opacity: 0.8, fit: 'fill' })
      await page.waitForTimeout(300)
      const [shown, exported] = [await seen(), await written(blend)]
      shown.forEach((colour, n) =>
        colour.forEach((value, c) =>
          expect(Math.abs(value - exported[n]![c]!), `${blend} patch ${n}`).toBeLessThanOrEqual(
            2 + inherent[n]![c]!,
          ),
        ),
      )
      all.push(exported)
    }
    // Four modes, four different pictures.
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(4)
  })

  it('moves clips between tracks by key and by hand, and takes it back', async () => {
    const trackOf = async (): Promise<string | undefined> => {
      const now = await doc()
      const glow = recordsOf(now, 'asset').find(({ name }) => name === 'glow.mkv')
      const clip = recordsOf(now, 'clip').find(({ assetId }) => assetId === glow?.id)
      return recordsOf(now, 'track').find(({ id }) => id === clip?.trackId)?.name
    }
    const clip = page.getByRole('button', { name: /^V2 glow.mkv/ })
    await clip.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(trackOf).toBe('V1')
    await page.keyboard.press('Control+z')
    await expect.poll(trackOf).toBe('V2')
    const canvas = await page.locator('.timeline-canvas').boundingBox()
    if (canvas === null) throw new Error('There is no timeline.')
    const x = canvas.x + 40
    await page.mouse.move(x, canvas.y + 28 + 4 + 8)
    await page.mouse.down()
    await page.mouse.move(x + 10, canvas.y + 60, { steps: 3 })
    await page.mouse.move(x + 20, canvas.y + 28 + 4 + 76 + 4 + 40, { steps: 5 })
    await page.mouse.up()
    await expect.poll(trackOf).toBe('V1')
    await page.keyboard.press('Control+z')
    await expect.poll(trackOf).toBe('V2')
    expect(await app.complaints()).toEqual([])
  })

  it('brings its sound, on a track of its own, and can be silenced', async () => {
    const path = await renderMovingSquare(join(folder, 'square.mp4'))
    await app.api('jobs.start', { kind: 'import', input: { path, place: false } })
    await page.getByRole('button', { name: 'More about square.mp4' }).click()
    await page.getByRole('menuitem', { name: 'Add to overlay track' }).click()
    const sounds = async (): Promise<number> => {
      const now = await doc()
      const tracks = recordsOf(now, 'track').filter(({ kind }) => kind === 'audio')
      return recordsOf(now, 'clip').filter((one) => tracks.some(({ id }) => id === one.trackId))
        .length
    }
    await expect.poll(sounds).toBe(1)
    const sound = inspector().getByRole('switch', { name: 'Its sound' })
    expect(await sound.getAttribute('aria-checked')).toBe('true')
    if (process.env['LUMIERE_SHOTS']) {
      await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], 'overlay-sound.png') })
    }
    expect(await app.complaints('[aria-label="Inspector"]')).toEqual([])
    await sound.click()
    await expect.poll(sounds).toBe(0)
    await sound.click()
    await expect.poll(sounds).toBe(1)
  })

  it('ran without an error in the page', () => {
    expect(problems).toEqual([])
  })
})
