import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { privateFolder, signIn } from './transports.js'

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
interface JsonEvent {
  readonly event: string
  readonly data?: unknown
  readonly code?: string
  readonly hint?: string
  readonly kind?: string
  readonly status?: string
  readonly phase?: string
}

const WIDTH = 160
const HEIGHT = 96
const FRAMES = 12

describe('the command line', () => {
  let folder: string
  let clip: string
  let mask: string

  beforeAll(async () => {
    folder = await privateFolder()
    clip = join(folder, 'clip è 1.mp4')
    mask = join(folder, 'mask.png')
    const { ffmpeg } = await findFfmpeg()
    const picture = `testsrc2=s=${WIDTH}x${HEIGHT}:r=24:d=${FRAMES / 24}`
    const sound = `sine=f=440:d=${FRAMES / 24}`
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
      ...['-pix_fmt', 'yuv420p', '-shortest', clip],
    ])
    await writeFile(mask, squareMask())
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  function squareMask(): Uint8Array {
    const data = new Uint8Array(WIDTH * HEIGHT)
    for (let y = 40; y < 56; y++) data.fill(255, y * WIDTH + 60, y * WIDTH + 80)
    return encode({ width: WIDTH, height: HEIGHT, data, channels: 1, depth: 8 })
  }

  function start(...args: string[]): ChildProcess {
    return spawn(process.execPath, [resolve('out/main/cli.js'), ...args], {
      cwd: folder,
      env: { ...process.env, LUMIERE_DATA: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  async function lumiere(...args: string[]): Promise<Outcome> {
    const child = start(...args)
    let out = ''
    let err = ''
    child.stdout?.on('data', (part: Buffer) => (out += part.toString()))
    child.stderr?.on('data', (part: Buffer) => (err += part.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, out, err }
  }

  /** Every line of stdout is one JSON event, or this throws. */
  async function events(...args: string[]): Promise<{ code: number | null; events: JsonEvent[] }> {
    const { code, out } = await lumiere(...args, '--json')
    const lines = out.split('\n').filter((line) => line !== '')
    return { code, events: lines.map((line) => JSON.parse(line) as JsonEvent) }
  }

  describe('exit codes', () => {
    it.each([
      [['no-such-command']],
      [['probe']],
      [['probe', 'a', 'b']],
      [['remove', 'clip.mp4', '--out', 'x.mp4']],
      [['remove', 'clip.mp4', '--mask', 'm.png', '--out', 'x.wav']],
      [['remove', 'clip.mp4', '--mask', 'm.png', '--out', 'x.mp4', '--mask-frame', '-1']],
      [['export', 'dir', '--preset', 'betamax', '--out', 'x']],
      [['serve', '--port', '99999']],
      [['generate', 'x', '--seconds', '0', '--out', 'x.mp4']],
      [['generate', 'x', '--candidates', '9', '--out', 'x.mp4']],
      [['animate', 'x.png', '--out', 'x.mp4']],
      [[]],
    ])('is 2 for %j, with help on stderr', async (args) => {
      const { code, out, err } = await lumiere(...args)
      expect(code).toBe(2)
      expect(out).toBe('')
      expect(err).toMatch(/lumiere/)
    })

    it('is 0 for help and version', async () => {
      expect(await lumiere('--help')).toMatchObject({ code: 0, err: '' })
      const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
      const { out: help } = await lumiere('remove', '--help')
      expect(help).toMatch(/--mask .*\n?.*\(required\)/)
      expect(help).toContain('--json')
      expect(help).not.toContain('default: false')
      expect(await lumiere('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' })
    })
  })

  describe('probe', () => {
    it('tells the facts, for people and for programs', async () => {
      const people = await lumiere('probe', clip)
      expect(people).toMatchObject({ code: 0, err: '' })
      expect(people.out).toContain(`${WIDTH} x ${HEIGHT}, ${FRAMES} frames`)
      const programs = await events('probe', clip)
      expect(programs).toMatchObject({
        code: 0,
        events: [{ event: 'result', data: { width: WIDTH, height: HEIGHT, frames: FRAMES } }],
      })
    })

    it('names cause and next step of a failure', async () => {
      const text = join(folder, 'letter.mp4')
      await writeFile(text, 'Dear Lumière,\n')
      expect(await events('probe', text)).toMatchObject({
        code: 1,
        events: [{ event: 'error', code: 'media-unsupported', hint: expect.any(String) as string }],
      })
      const missing = await lumiere('probe', join(folder, 'nowhere.mp4'))
      expect(missing.code).toBe(1)
      expect(missing.out).toBe('')
      expect(missing.err.trim().split('\n').length).toBeGreaterThanOrEqual(2)
      // A command may have several files: it is said which one it is.
      expect(missing.err).toContain(join(folder, 'nowhere.mp4'))
    })
  })

  it('creates, fills and exports a project', async () => {
    const project = join(folder, 'My Edit')
    expect(await lumiere('project', 'new', project)).toMatchObject({ code: 0 })
    expect((await lumiere('project', 'new', project)).code).toBe(1)
    const imported = await events('import', project, clip)
    expect(imported.code).toBe(0)
    expect(imported.events.at(-1)).toMatchObject({ event: 'result' })
    expect(imported.events.some((one) => one.event === 'job' && one.kind === 'import')).toBe(true)

    const out = join(folder, 'film.mp4')
    // The extension says which preset is meant.
    const exported = await events('export', project, '--out', 'film.mp4')
    expect(exported.events.at(-1)).toMatchObject({ data: { path: out, frames: FRAMES } })
    const again = await events('export', project, '--preset', 'mp4', '--out', out)
    expect(again).toMatchObject({ code: 1, events: [{ code: 'file-exists' }] })
    const forced = await events('export', project, '--preset', 'mp4', '--out', out, '--overwrite')
    expect(forced.code).toBe(0)
    const probed = await events('probe', out)
    expect(probed.events[0]?.data).toMatchObject({ frames: FRAMES, audio: { channels: 1 } })
  })

  it('says that it makes the folder of a result', async () => {
    const out = join(folder, 'not there', 'frame.png')
    const first = await events('frame', clip, '--at', '0', '--out', out)
    expect(first.code).toBe(0)
    const note = { event: 'note', folder: join(folder, 'not there') }
    expect(first.events).toContainEqual(expect.objectContaining(note))
    const there = await events('frame', clip, '--at', '0', '--out', out)
    expect(there).toMatchObject({ code: 1, events: [{ code: 'file-exists' }] })
    const again = await events('frame', clip, '--at', '0', '--out', out, '--overwrite')
    expect(again.code).toBe(0)
    expect(again.events.filter(({ event }) => event === 'note')).toEqual([])
  })

  describe('remove', () => {
    it('writes the clip without the object, keeps the take and leaves nothing else', async () => {
      const out = join(folder, 'removed.mkv')
      const take = join(folder, 'take')
      const done = await events(
        'remove',
        clip,
        '--mask',
        mask,
        '--mask-frame',
        '3',
        '--out',
        out,
        '--take',
        take,
      )
      expect(done.events.at(-1)).toMatchObject({
        event: 'result',
        data: { path: out, preset: 'ffv1', frames: FRAMES, take },
      })
      expect(done.code).toBe(0)
      const phases = done.events.filter((one) => one.kind === 'remove').map((one) => one.phase)
      expect(phases).toContain('filling')
      expect((await readdir(take)).sort()).toEqual(
        expect.arrayContaining(['confidence.json', 'recipe.json', 'take.mkv']),
      )
      const probed = await events('probe', out)
      expect(probed.events[0]?.data).toMatchObject({ frames: FRAMES, videoCodec: 'ffv1' })
      expect((await readdir(folder)).filter((name) => name.includes('unfinished'))).toEqual([])
      const recent = await readFile(join(folder, 'data', 'recent.json'), 'utf8').catch(() => '[]')
      // The project that the command works in is nobody's; other tests may have opened theirs.
      expect(recent).not.toContain('unfinished')
    })

    it('takes one mask per frame, in the order of their names', async () => {
      const masks = join(folder, 'masks')
      await mkdir(masks)
      for (let frame = 0; frame < FRAMES - 1; frame++) {
        await writeFile(join(masks, `${frame}.png`), squareMask())
      }
      const out = join(folder, 'each.mp4')
      const short = await events('remove', clip, '--mask', masks, '--out', out)
      expect(short).toMatchObject({ code: 1 })
      expect(short.events.at(-1)).toMatchObject({ event: 'error', code: 'mask-invalid' })
      await writeFile(join(masks, `${FRAMES - 1}.png`), squareMask())
      expect((await events('remove', clip, '--mask', masks, '--out', out)).code).toBe(0)
      expect((await stat(out)).size).toBeGreaterThan(0)
    })

    it('refuses before the work what would fail after it', async () => {
      const out = join(folder, 'there.mp4')
      await writeFile(out, 'mine')
      const there = await events('remove', clip, '--mask', mask, '--out', out)
      expect(there).toMatchObject({ code: 1, events: [{ event: 'error', code: 'file-exists' }] })
      expect(await readFile(out, 'utf8')).toBe('mine')
      const nowhere = await events('remove', clip, '--mask', 'none.png', '--out', 'x.mp4')
      expect(nowhere).toMatchObject({ code: 1, events: [{ code: 'file-missing' }] })
      const noClip = await events('remove', 'none.mp4', '--mask', mask, '--out', 'x.mp4')
      expect(noClip.events.at(-1)).toMatchObject({
        code: 'file-missing',
        message: expect.stringContaining('none.mp4') as string,
      })
    })

    it('stops cleanly at Ctrl-C', async () => {
      const out = join(folder, 'cancelled.mkv')
      const child = start('remove', clip, '--mask', mask, '--out', out, '--json')
      const heard: JsonEvent[] = []
      if (child.stdout === null) throw new Error('The command has no output.')
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => {
        const said = JSON.parse(line) as JsonEvent
        if (heard.every((one) => one.kind !== 'remove') && said.kind === 'remove')
          child.kill('SIGINT')
        heard.push(said)
      })
      const [code] = (await once(child, 'close')) as [number | null]
      expect(code).toBe(1)
      expect(heard.at(-1)).toMatchObject({ event: 'error', code: 'cancelled' })
      await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' })
      expect(await readdir(join(folder, 'data', 'temporary'))).toEqual([])
    })
  })

  describe('remove with a take, killed halfway', () => {
    const LONG = 40
    it('goes on when it is run again, and starts over when asked to', async () => {
      process.env['LUMIERE_FRAME_MEMORY_MB'] = '1'
      const long = join(folder, 'long.mp4')
      const { ffmpeg } = await findFfmpeg()
      const picture = `testsrc2=s=${WIDTH}x${HEIGHT}:r=24:d=${LONG / 24}`
      await promisify(execFile)(ffmpeg, [
        ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p', long],
      ])
      const take = join(folder, 'killed take')
      const out = join(folder, 'killed.mkv')
      const command = ['remove', long, '--mask', mask, '--out', out, '--take', take]
      const kill = async (...more: string[]): Promise<JsonEvent[]> => {
        const child = start(...command, ...more, '--json')
        if (child.stdout === null) throw new Error('The command has no output.')
        const heard: JsonEvent[] = []
        createInterface({ input: child.stdout }).on('line', (line) => {
          const said = JSON.parse(line) as JsonEvent & { done: number }
          heard.push(said)
          if (said.phase === 'filling' && said.done >= 20) child.kill('SIGKILL')
        })
        await once(child, 'close')
        return heard
      }
      await kill()
      const notes = (heard: readonly JsonEvent[]): JsonEvent[] =>
        heard.filter(({ event }) => event === 'note')
      expect(notes(await kill('--fresh'))).toEqual([])
      expect(await readdir(folder)).toContain('killed take.unfinished')
      expect(notes(await kill('--seed', '7', '--dilate', '2'))).toEqual([])

      await kill()
      const again = await events(...command)
      expect(again.code).toBe(0)
      const [, goesOn] = notes(again.events)
      expect(goesOn).toMatchObject({ goesOn: { total: LONG } })
      expect(again.events.some(({ phase }) => phase === 'analysing')).toBe(false)
      expect(again.events.at(-1)).toMatchObject({ data: { frames: LONG, take } })
      expect(await readdir(folder)).not.toContain('killed take.unfinished')
      const recent = await readFile(join(folder, 'data', 'recent.json'), 'utf8').catch(() => '[]')
      expect(recent).not.toContain('unfinished')
      delete process.env['LUMIERE_FRAME_MEMORY_MB']
      // Five runs of the program, one after the other: half a minute alone, minutes beside other suites.
    }, 300_000)
  })

  it('installs a model pack, says what it is, and generates with it', async () => {
    const clip = ['generate', 'a red ball', '--steps', '2', '--size', '64', '--out', 'ball.mp4']
    const without = await events(...clip)
    expect(without).toMatchObject({ code: 1 })
    expect(without.events.at(-1)).toMatchObject({
      code: 'pack-missing',
      hint: expect.stringContaining('lumiere packs install') as string,
    })
    const tiny = resolve('tests/fixtures/packs/tiny')
    expect((await events('packs', 'install', folder)).events).toMatchObject([
      { code: 'pack-invalid' },
    ])
    expect(await lumiere('packs', 'install', tiny)).toMatchObject({
      code: 0,
      out: expect.stringContaining('8 frames of') as string,
    })
    expect((await lumiere('packs', 'list')).out).toContain('untrained')
    expect((await lumiere('packs', 'info', 'tiny')).out).toContain('## Limits')
    expect(await lumiere('packs', 'verify', 'tiny')).toMatchObject({ code: 0 })
    const made = await events(...clip)
    expect(made.events.at(-1)).toMatchObject({
      event: 'result',
      data: { frames: 8, recipe: { prompt: 'a red ball', pack: { id: 'tiny' } } },
    })
    const odd = clip.with(1, 'a red ballon').with(-1, 'odd.mp4')
    const { out: said } = await lumiere(...odd)
    expect(said).toMatch(/"ballon" is not a word .* Near it: balloon/)
    expect(said).toMatch(/^The best of 4 beginnings: that of seed [0-3][.,]/m)
    const single = await lumiere(...clip.with(-1, 'one.mp4'), '--candidates', '1')
    expect(single.code).toBe(0)
    expect(single.out).not.toContain('beginnings')
    expect((await events('probe', 'ball.mp4')).events).toMatchObject([
      { data: { frames: 8, width: 64, height: 64 } },
    ])
    expect(await readdir(join(folder, 'data', 'temporary'))).toEqual([])
  })

  it('examines the computer', async () => {
    const found = await events('doctor')
    expect(found).toMatchObject({
      code: 0,
      events: [
        {
          data: {
            ffmpeg: { ok: true },
            engine: { ok: true },
            // Installed packs and those that ship with the app.
            packs: expect.arrayContaining(
              ['tiny', 'lumiere-style'].map((id) =>
                expect.objectContaining({ id, test: expect.objectContaining({ ok: true }) }),
              ),
            ),
          },
        },
      ],
    })
  })

  it('serves a project until it is told to stop', async () => {
    const project = join(folder, 'Served')
    await lumiere('project', 'new', project)
    const child = start('serve', project, '--no-open', '--port', '0', '--json')
    if (child.stdout === null) throw new Error('The command has no output.')
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { data } = JSON.parse(line) as { data: { url: string } }
    const session = await signIn(data.url)
    const answer = await session.fetch('/api/project.state', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await answer.json()).toMatchObject({ ok: true, data: { folder: project } })
    child.kill('SIGTERM')
    expect(((await once(child, 'close')) as [number | null])[0]).toBe(0)
    // The lock is gone with it: the project opens at once elsewhere.
    expect((await lumiere('import', project, clip)).code).toBe(0)
  })
})
