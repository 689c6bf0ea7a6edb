import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'

const FRAMES = 12
const CLI = resolve('out/main/cli.js')

describe('lumiere retime', () => {
  let folder = ''
  let clip = ''
  const at = (name: string): string => join(folder, name)
  const env = () => ({ ...process.env, LUMIERE_DATA: at('data') })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli retime '))
    clip = at('clip.mkv')
    const { ffmpeg } = await findFfmpeg()
    const graph = `testsrc2=size=320x150:rate=12,crop=192:108:x='4*n':y=20`
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=1']
    const output = ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'yuv420p']
    const args = ['-v', 'error', '-f', 'lavfi', '-i', graph, ...tone, ...output]
    await promisify(execFile)(ffmpeg, [...args, '-c:a', 'pcm_s16le', '-shortest', clip])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Exit code and every event. */
  async function retime(...args: string[]): Promise<{ code: number; events: Event[] }> {
    const all = [CLI, 'retime', clip, ...args, '--json']
    const { code, out } = await promisify(execFile)(process.execPath, all, { env: env() }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stderr + stdout }),
      (error: unknown) => {
        const {
          code: status,
          stdout,
          stderr,
        } = error as {
          code: number
          stdout: string
          stderr: string
        }
        return { code: status, out: stderr + stdout }
      },
    )
    return { code, events: eventsIn(out) }
  }

  async function pictures(path: string): Promise<Uint8Array[]> {
    const { ffmpeg, ffprobe } = await findFfmpeg()
    const info = await probe({ ffprobe }, path)
    const frames: Uint8Array[] = []
    const all = { from: 0, to: info.frames, layout: 'yuv420p' } as const
    for await (const frame of readFrames(ffmpeg, { path, info }, all)) frames.push(frame)
    return frames
  }

  const lengths: [string, string[], number][] = [
    ['half speed', ['--speed', '0.5'], 2 * FRAMES],
    ['double speed', ['--speed', '2'], FRAMES / 2],
    ['a part of it, slower', ['--speed', '0.5', '--range', '0-6'], 6 + FRAMES],
    ['there and back', ['--ping-pong'], 2 * FRAMES],
    ['a freeze', ['--freeze', '0.5:0.5'], FRAMES + 6],
    ['a ramp', ['--ramp', '1-0.5', '--easing', 'linear', '--tape'], 16],
  ]
  it.concurrent.each(lengths)(
    '%s has its length, picture and sound',
    async (name, args, frames) => {
      const out = at(`${name}.mkv`)
      const { code, events } = await retime(...args, '--out', out)
      expect(code).toBe(0)
      expect(events.at(-1)).toMatchObject({ event: 'result', data: { frames, path: out } })
      const { ffprobe } = await findFfmpeg()
      const info = await probe({ ffprobe }, out)
      expect(info.frames).toBe(frames)
      // Matroska says lengths in milliseconds; samples are counted in tests/integration/retime.test.ts.
      const samples = (frames * 48_000) / 12
      expect(Math.abs((info.audio?.samples ?? 0) - samples)).toBeLessThanOrEqual(48)
    },
  )

  it('plays backward with the frames that were filmed, bit for bit', async () => {
    const out = at('backward.mkv')
    expect((await retime('--reverse', '--out', out)).code).toBe(0)
    expect(await pictures(out)).toEqual((await pictures(clip)).toReversed())
  })

  const refused: [string, string[], number, string][] = [
    ['its own speed', ['--speed', '1'], 1, 'edit-empty'],
    ['a range outside', ['--speed', '2', '--range', '90-99'], 1, 'invalid-request'],
    ['a freeze behind the end', ['--freeze', '99:1'], 1, 'invalid-request'],
    ['a file that is there', ['--speed', '2', '--out-is-clip'], 1, 'file-exists'],
  ]
  it.concurrent.each(refused)('refuses %s, with a hint', async (_, args, wanted, reason) => {
    const isClip = args.includes('--out-is-clip')
    const own = args.filter((one) => one !== '--out-is-clip')
    const { code, events } = await retime(...own, '--out', isClip ? clip : at('never.mkv'))
    expect(code).toBe(wanted)
    expect(events.at(-1)).toMatchObject({ code: reason, hint: expect.any(String) as string })
  })

  it.each([
    ['a speed of 0', ['--speed', '0']],
    ['nothing to do', []],
    ['a ramp of one speed', ['--ramp', '2']],
    ['a freeze without a length', ['--freeze', '2']],
    ['an unknown extension', ['--speed', '2', '--out', 'x.xyz']],
  ])('says that %s is wrong usage', async (_, args) => {
    expect((await retime('--out', at('never.mkv'), ...args)).code).toBe(2)
  })

  it.skipIf(!existsSync('/proc/self/stat'))(
    'killed half way goes on there, asked to, and comes out the same',
    async () => {
      const args = ['--speed', '0.08', '--resume']
      const whole = at('undisturbed.mkv')
      expect((await retime('--speed', '0.08', '--out', whole)).code).toBe(0)
      const out = at('killed.mkv')
      const all = [CLI, 'retime', clip, ...args, '--out', out, '--json']
      const child = spawn(process.execPath, all, { env: env(), stdio: 'ignore' })
      // As soon as something is finished.
      const isNoted = (): boolean =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
          (name) => name.startsWith('killed') && /parts.\d+\.json$/.test(name),
        )
      const look = setInterval(() => isNoted() && child.kill('SIGKILL'), 20)
      await new Promise((ended) => child.on('exit', ended))
      clearInterval(look)
      expect(existsSync(out)).toBe(false)
      const { code, events } = await retime(...args, '--out', out)
      expect(code).toBe(0)
      const { goesOn } = events.find((one) => one.goesOn !== undefined) ?? {}
      expect(goesOn?.done).toBeGreaterThan(0)
      expect(await pictures(out)).toEqual(await pictures(whole))
      // Nothing is left of the work.
      const left = await readdir(folder)
      expect(left.filter((name) => name.startsWith('killed'))).toEqual(['killed.mkv'])
    },
  )
})

interface Event {
  readonly event?: string
  readonly data?: unknown
  readonly goesOn?: { readonly done: number }
}

function eventsIn(text: string): Event[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Event]
    } catch {
      return []
    }
  })
}
