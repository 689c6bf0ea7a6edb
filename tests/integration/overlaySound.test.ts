import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSound } from '../../src/main/ffmpeg/audio.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { Command } from '../../src/shared/document/commands.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, Id, ProjectDoc } from '../../src/shared/document/model.js'
import { overlayCommands, soundCommands, soundOf } from '../../src/shared/document/placing.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { ffmpeg, tools } from './mediaClips.js'

/** A film with one tone, and a clip with another laid over its middle: both are heard in the export. */
const RATE = 48_000
const FILM = { hz: 440, seconds: 3 }
const ABOVE = { hz: 1250, seconds: 1 }
/** Frame at 25 fps from which the overlay lies over the film. */
const AT = 25

let folder = ''
let core: CoreSession['core']
let call: CoreSession['call']
let run: CoreSession['run']
let clipId: Id = ''

/** @param amplitude of the tone, 1 is full scale */
async function importTone(
  name: string,
  { hz, seconds }: typeof FILM,
  amplitude: number,
  place: boolean,
): Promise<AssetRec> {
  const path = join(folder, name)
  await ffmpeg([
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=64x36:r=25:d=${seconds}`],
    ...['-f', 'lavfi', '-i', `aevalsrc=${amplitude}*sin(2*PI*${hz}*t):s=${RATE}:d=${seconds}`],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le', '-y', path],
  ])
  const { result } = await run('import', { path, place })
  const asset = recordOf(await doc(), 'asset', result?.assetId)
  if (asset === undefined) throw new Error('The import is not there.')
  return asset
}

async function doc(): Promise<ProjectDoc> {
  const state = await call('project.state', {})
  if (state === null) throw new Error('no project')
  return state.doc
}

const dispatch = (commands: readonly Command[]): Promise<unknown> =>
  call('document.dispatch', { mode: 'record', commands: commands as never })

async function exported(): Promise<Float32Array> {
  const path = join(folder, 'out.mkv')
  await run('export', { preset: 'ffv1', path, overwrite: true })
  const info = await probe(tools, path)
  const samples = FILM.seconds * RATE
  // Exactly as long as its frames, to the sample.
  expect(info).toMatchObject({ frames: FILM.seconds * 25, audio: { samples, sampleRate: RATE } })
  const all = new Float32Array(samples)
  let at = 0
  const options = { fromSeconds: 0, samples, sampleRate: RATE, channels: 1, block: 8192 } as const
  for await (const block of readSound(tools.ffmpeg, { path, info }, options)) {
    all.set(block, at)
    at += block.length
  }
  return all
}

/** How loud a tone is between two moments: its Fourier coefficient there (Goertzel), 1 is full scale. */
function level(sound: Float32Array, hz: number, from: number, to: number): number {
  const part = sound.subarray(Math.round(from * RATE), Math.round(to * RATE))
  let [re, im] = [0, 0]
  part.forEach((one, n) => {
    re += one * Math.cos((2 * Math.PI * hz * n) / RATE)
    im += one * Math.sin((2 * Math.PI * hz * n) / RATE)
  })
  return (2 * Math.hypot(re, im)) / part.length
}

async function begin(name: string, loudness: number): Promise<void> {
  await call('project.create', { folder: join(folder, name), name })
  await importTone(`film ${name}.mkv`, FILM, loudness, true)
  const above = await importTone(`above ${name}.mkv`, ABOVE, loudness, false)
  const placed = overlayCommands(await doc(), above, AT)
  clipId = placed.clipId
  await dispatch(placed.commands)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere overlay sound '))
  ;({ core, call, run } = startSession(folder))
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the sound of an overlay', () => {
  it('is heard with the film’s where it lies over it, and only there', async () => {
    await begin('both', 0.25)
    const sound = await exported()
    for (const [from, to] of [
      [0.1, 0.9],
      [1.1, 1.9],
      [2.1, 2.9],
    ] as const) {
      expect(level(sound, FILM.hz, from, to)).toBeCloseTo(0.25, 2)
      expect(level(sound, ABOVE.hz, from, to)).toBeCloseTo(from > 1 && from < 2 ? 0.25 : 0, 2)
    }
    // It begins with its picture, not before.
    expect(level(sound, ABOVE.hz, 0.96, 1)).toBeLessThan(0.01)
    expect(level(sound, ABOVE.hz, 1, 1.04)).toBeGreaterThan(0.2)
  })

  it('is gone when it is switched off, when its track is muted, and back when it is on', async () => {
    const clip = recordOf(await doc(), 'clip', clipId)
    if (clip === undefined) throw new Error('no overlay')
    const sound = soundOf(await doc(), clip)
    await dispatch([{ type: 'clip.remove', id: sound?.id ?? '' }])
    expect(level(await exported(), ABOVE.hz, 1.1, 1.9)).toBeLessThan(1e-3)
    await dispatch(soundCommands(await doc(), clip))
    const track = recordOf(await doc(), 'track', soundOf(await doc(), clip)?.trackId)
    expect(track).toMatchObject({ id: sound?.trackId, name: 'A2' })
    expect(level(await exported(), ABOVE.hz, 1.1, 1.9)).toBeCloseTo(0.25, 2)
    await dispatch([{ type: 'track.update', id: track?.id ?? '', changes: { muted: true } }])
    const muted = await exported()
    expect(level(muted, ABOVE.hz, 1.1, 1.9)).toBeLessThan(1e-3)
    expect(level(muted, FILM.hz, 1.1, 1.9)).toBeCloseTo(0.25, 2)
  })

  it('does not clip with the film’s, which is as loud as before on its own', async () => {
    await begin('loud', 0.8)
    const sound = await exported()
    const peak = sound.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    expect(peak).toBeLessThan(0.97)
    expect(peak).toBeGreaterThan(0.9)
    const [film, above] = [level(sound, FILM.hz, 1.1, 1.9), level(sound, ABOVE.hz, 1.1, 1.9)]
    // Both turned down alike, to 0.966 of 1.6.
    expect(film).toBeCloseTo(0.48, 1)
    expect(Math.abs(film - above)).toBeLessThan(0.02)
    // What clipping makes of two tones: the third-order products, 2 f1 - f2 and 2 f2 - f1.
    for (const hz of [2 * ABOVE.hz - FILM.hz, 3 * FILM.hz]) {
      expect(level(sound, hz, 1.1, 1.9)).toBeLessThan(0.01)
    }
    expect(level(sound, FILM.hz, 0.1, 0.9)).toBeCloseTo(0.8, 2)
    expect(level(sound, FILM.hz, 2.4, 2.9)).toBeCloseTo(0.8, 2)
    expect(recordsOf(await doc(), 'track').filter(({ kind }) => kind === 'audio')).toHaveLength(2)
  })
})
