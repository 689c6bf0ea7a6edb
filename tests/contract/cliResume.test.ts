import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { digest, readAll, renderClip, tools } from '../integration/mediaClips.js'

const FRAMES = 96

interface JsonEvent {
  readonly event: string
  readonly phase?: string
  readonly done?: number
  readonly kept?: boolean
  readonly goesOn?: { readonly done: number; readonly total: number }
  readonly code?: string
}

describe('a command that is stopped', () => {
  let folder = ''
  let clip = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli resume '))
    clip = join(folder, 'clip.mkv')
    const frames = ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0']
    await renderClip(clip, 'testsrc2=s=320x180:r=24,format=gbrp', frames)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** @param until SIGINT once this holds */
  async function lumiere(
    args: readonly string[],
    until: (said: JsonEvent) => boolean = () => false,
  ): Promise<{ code: number | null; events: JsonEvent[] }> {
    const env = { ...process.env, LUMIERE_DATA: join(folder, 'data') }
    const all = [resolve('out/main/cli.js'), ...args, '--json']
    const child = spawn(process.execPath, all, { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const events: JsonEvent[] = []
    let isStopped = false
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as JsonEvent
      events.push(said)
      // Once: whoever presses twice leaves without a word.
      if (!isStopped && until(said)) {
        isStopped = true
        child.kill('SIGINT')
      }
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, events }
  }

  const frames = async (path: string): Promise<string[]> =>
    (await readAll(path, await probe(tools, path), 'rgb24')).map((frame) => digest(frame))
  const leftovers = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.includes('unfinished'))
  const halfway = ({ phase, done = 0 }: JsonEvent): boolean => phase === 'grading' && done >= 30

  it('goes on when it is run again, if it was asked to keep its work', async () => {
    const out = join(folder, 'graded.mkv')
    const command = ['edit', clip, 'warmer, strong grain, fog', '--out', out, '--resume']
    const stopped = await lumiere(command, halfway)
    expect(stopped.code).toBe(1)
    expect(stopped.events.filter(({ event }) => event === 'note')).toMatchObject([{ kept: true }])
    expect(await leftovers()).toEqual(['graded.mkv.unfinished'])

    const again = await lumiere(command)
    expect(again.code).toBe(0)
    const [, goesOn] = again.events.filter(({ event }) => event === 'note')
    expect(goesOn?.goesOn?.total).toBe(FRAMES)
    expect(goesOn?.goesOn?.done).toBeGreaterThan(0)
    expect(await leftovers()).toEqual([])

    const plain = join(folder, 'plain.mkv')
    expect((await lumiere([...command.slice(0, 4), plain])).code).toBe(0)
    expect(await frames(out)).toEqual(await frames(plain))
  }, 120_000)

  it('goes on with a change of speed, for which a mask is not used', async () => {
    const mask = join(folder, 'mask.png')
    await renderClip(mask, 'color=white:s=320x180', ['-frames:v', '1'])
    const out = join(folder, 'slow.mkv')
    const masked = ['--mask', mask, '--track', '--resume']
    const command = ['edit', clip, '25 % speed', '--out', out, ...masked]
    const stopped = await lumiere(
      command,
      ({ phase, done = 0 }) => phase === 'retiming' && done >= 150,
    )
    expect(stopped.code).toBe(1)
    expect(stopped.events.filter(({ event }) => event === 'note')).toMatchObject([
      { mask: null },
      { kept: true },
    ])
    expect(stopped.events.some(({ phase }) => phase === 'tracking')).toBe(false)

    const again = await lumiere(command)
    expect(again.code).toBe(0)
    const goesOn = again.events.find((said) => said.goesOn !== undefined)?.goesOn
    expect(goesOn?.done).toBeGreaterThan(0)
    expect(await leftovers()).toEqual([])
  }, 120_000)

  it('else says that nothing is kept, and leaves nothing', async () => {
    const out = join(folder, 'lost.mkv')
    const command = ['edit', clip, 'warmer, strong grain, fog', '--out', out]
    const { code, events } = await lumiere(command, halfway)
    expect(code).toBe(1)
    expect(events.filter(({ event }) => event === 'note')).toMatchObject([{ kept: false }])
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'cancelled' })
    expect(await leftovers()).toEqual([])
    expect(await readdir(join(folder, 'data', 'temporary'))).toEqual([])
  }, 120_000)

  it('starts anew when something else is asked for', async () => {
    const out = join(folder, 'other.mkv')
    const begun = ['edit', clip, 'warmer, strong grain, fog', '--out', out, '--resume']
    await lumiere(begun, halfway)
    expect(await leftovers()).toEqual(['other.mkv.unfinished'])
    const { code, events } = await lumiere(['edit', clip, 'sepia', '--out', out, '--resume'])
    expect(code).toBe(0)
    expect(events.some(({ event }) => event === 'note')).toBe(false)
    expect(await leftovers()).toEqual([])
  }, 120_000)

  it('is refused where there would be nothing to go on from', async () => {
    const words = ['--mode', 'words', '--prompt', 'watercolour', '--resume']
    const out = join(folder, 'never.mkv')
    const { code, events } = await lumiere(['stylize', clip, ...words, '--out', out])
    expect(code).toBe(1)
    expect(events).toMatchObject([{ event: 'error', code: 'invalid-request' }])
  })

  it('does not read the clip where the picture to paint by is not there', async () => {
    const style = ['--style', join(folder, 'nowhere.png'), '--out', join(folder, 'never.mkv')]
    const { code, events } = await lumiere(['stylize', clip, ...style])
    expect(code).toBe(1)
    expect(events).toMatchObject([{ event: 'error', code: 'file-missing' }])
  })
})
