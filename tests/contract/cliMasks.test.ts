import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderClip } from '../integration/mediaClips.js'

const WIDTH = 160
const HEIGHT = 96
const FRAMES = 6

interface JsonEvent {
  readonly event: string
  readonly code?: string
  readonly message?: string
  readonly hint?: string
  readonly text?: string
}

/** What is wrong with a mask is said before any work, by every command that takes one. */
describe('masks on the command line', () => {
  let folder = ''
  let clip = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli masks '))
    clip = join(folder, 'clip.mkv')
    const frames = ['-frames:v', String(FRAMES), '-c:v', 'ffv1']
    await renderClip(clip, `testsrc2=s=${WIDTH}x${HEIGHT}:r=24`, frames)
    await picture('black.png', 0)
    await picture('labels.png', 1)
    await mkdir(join(folder, 'blacks'))
    for (let n = 0; n < FRAMES; n++) await picture(join('blacks', `${n}.png`), 0)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A PNG with a square of this level on black. */
  async function picture(
    name: string,
    level: number,
    size = { width: WIDTH, height: HEIGHT },
  ): Promise<string> {
    const { width, height } = size
    const data = new Uint8Array(width * height)
    for (let y = height >> 2; y < height >> 1; y++) data.fill(level, y * width, y * width + 40)
    await writeFile(join(folder, name), encode({ width, height, data, channels: 1, depth: 8 }))
    return join(folder, name)
  }

  async function lumiere(...args: string[]): Promise<{ code: number; events: JsonEvent[] }> {
    const env = { ...process.env, LUMIERE_DATA: join(folder, 'data') }
    const cli = [resolve('out/main/cli.js'), '--json', ...args]
    const { code, out } = await promisify(execFile)(process.execPath, cli, { env }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      (error: unknown) => {
        const { code: status, stdout } = error as { code: number; stdout: string }
        return { code: status, out: stdout }
      },
    )
    const lines = out.split('\n').filter((line) => line !== '')
    return { code, events: lines.map((line) => JSON.parse(line) as JsonEvent) }
  }

  const commands: [string, string[]][] = [
    ['remove', ['--mask', 'black.png']],
    ['remove', ['--mask', 'blacks', '--shadow', 'suggest']],
    ['track', ['--mask', 'black.png']],
    ['edit', ['darker', '--mask', 'labels.png']],
    ['stylize', ['--style', resolve('tests/fixtures/pictures/cmyk.jpg'), '--mask', 'black.png']],
    ['replace', ['--mask', 'black.png', '--prompt', 'a balloon']],
    ['animate', ['--region', 'black.png', '--direction', '0']],
  ]
  it.each(commands)('%s %j marks nothing: refused before the clip is read', async (name, args) => {
    const at = args.findIndex((one) => one === '--mask' || one === '--region') + 1
    const mask = join(folder, args[at]!)
    const own = args.map((one, n) => (n === at ? mask : one))
    const out = join(folder, 'never.mkv')
    const { code, events } = await lumiere(name, clip, ...own, '--out', out)
    expect(code).toBe(1)
    expect(events.map(({ event }) => event)).toEqual(['error'])
    expect(events[0]).toMatchObject({ code: 'mask-empty', hint: expect.stringMatching(/white/) })
    expect(events[0]?.message).toContain(mask)
  })

  it('does not read the clip either where a replacement has no words', async () => {
    const own = await picture('spot.png', 255)
    const args = ['--mask', own, '--prompt', ' ', '--out', join(folder, 'never.mkv')]
    const { code, events } = await lumiere('replace', clip, ...args)
    expect(code).toBe(1)
    expect(events).toMatchObject([{ event: 'error', code: 'prompt-empty' }])
  })

  it('says in one line that it scales a mask of the same shape', async () => {
    await mkdir(join(folder, 'halves'))
    for (let n = 0; n < FRAMES; n++) {
      await picture(join('halves', `${n}.png`), 255, { width: 81, height: 48 })
    }
    const out = join(folder, 'scaled.mkv')
    const args = [clip, 'darker', '--mask', join(folder, 'halves'), '--out', out]
    const { code, events } = await lumiere('edit', ...args)
    expect(code).toBe(0)
    const notes = events.filter(({ event }) => event === 'note').map(({ text }) => text)
    expect(notes).toEqual([`The mask is scaled from 81x48 to the clip's ${WIDTH}x${HEIGHT}.`])
  })

  it('says nothing of a mask of the clip’s own size, and refuses one of another shape', async () => {
    const own = await picture('own.png', 255)
    const fine = join(folder, 'own.mkv')
    const { code, events } = await lumiere('edit', clip, 'darker', '--mask', own, '--out', fine)
    expect(code).toBe(0)
    expect(events.some(({ event }) => event === 'note')).toBe(false)
    const turned = await picture('turned.png', 255, { width: HEIGHT, height: WIDTH })
    const out = join(folder, 'never.mkv')
    const refused = await lumiere('remove', clip, '--mask', turned, '--out', out)
    expect(refused.code).toBe(1)
    const error = refused.events.at(-1)
    expect(error).toMatchObject({ code: 'mask-shape', hint: expect.stringMatching(/whole frame/) })
    expect(error?.message).toContain(`${HEIGHT}x${WIDTH}`)
    expect(error?.message).toContain(`${WIDTH}x${HEIGHT}`)
    expect(error?.message).toContain(turned)
  })
})
