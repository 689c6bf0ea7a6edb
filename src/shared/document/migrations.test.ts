import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fullDocument, stroke } from '../../../tests/fixtures/documents.js'
import { AppError } from '../contract/errors.js'
import { canonicalJson } from './canonicalJson.js'
import { migrate, readProjectFile } from './migrations.js'
import { SCHEMA_VERSION } from './model.js'
import type { MaskKeyframe } from './model.js'

function sound(): Record<string, unknown> {
  return structuredClone({
    app: 'lumiere-studio',
    version: SCHEMA_VERSION,
    seq: 7,
    ...fullDocument(),
  })
}

function refusal(file: unknown): AppError {
  const started = performance.now()
  try {
    readProjectFile(file)
  } catch (error) {
    expect(performance.now() - started).toBeLessThan(1500)
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('readProjectFile', () => {
  it('reads what was written', () => {
    const { doc, seq } = readProjectFile(JSON.parse(canonicalJson(sound())))
    expect(doc).toEqual(fullDocument())
    expect(seq).toBe(7)
  })

  it('reads every version that was ever saved', async () => {
    const saved = (version: number): Promise<string> =>
      readFile(
        new URL(`../../../tests/fixtures/projects/v${version}/project.json`, import.meta.url),
        'utf8',
      )
    const { doc, seq } = readProjectFile(JSON.parse(await saved(1)))
    expect(seq).toBe(42)
    expect(Object.keys(doc.records)).toHaveLength(12)
    expect(doc.records.mask_a).toMatchObject({
      keyframes: { '15': [{ kind: 'between', t: 0.5 }, {}] },
    })
    // The current version writes the same file: a change of the schema needs a migration.
    const text = await saved(SCHEMA_VERSION)
    const newest = readProjectFile(JSON.parse(text))
    expect(newest.doc.records.segment_edit).toMatchObject({ verb: 'edit', maskId: null })
    expect(newest.doc.records.segment_again).toMatchObject({ verb: 'regenerate', maskId: null })
    expect(newest.doc.records.segment_style).toMatchObject({ params: { strokes: 'medium' } })
    expect(newest.doc.records.segment_style).toMatchObject({ params: { mode: 'keyframe' } })
    for (const older of [2, 3, 4]) {
      const { doc: still } = readProjectFile(JSON.parse(await saved(older)))
      expect(still.records.segment_edit).toMatchObject({ verb: 'edit' })
    }
    // Until version 5 a style was painted every frame by itself.
    const { doc: fourth } = readProjectFile(JSON.parse(await saved(4)))
    expect(fourth.records.segment_style).toMatchObject({
      params: { mode: 'network', painted: [], strokes: 'medium' },
    })
    // Until version 6 takes lay in the order of their making, and a removal saw the source alone.
    for (const { records } of [newest.doc, readProjectFile(JSON.parse(await saved(5))).doc]) {
      expect(records.segment_a).toMatchObject({ layer: 0 })
      expect(records.segment_edit).toMatchObject({ layer: 1 })
      expect(records.segment_replace).not.toHaveProperty('layer')
      expect(records.take_b).toMatchObject({ under: [] })
      expect(records.take_edit).toMatchObject({ under: [] })
    }
    const current = { app: 'lumiere-studio', version: SCHEMA_VERSION, seq, ...newest.doc }
    expect(canonicalJson(current)).toBe(text)
  })

  it('refuses a newer version with its own code', () => {
    const error = refusal({ ...sound(), version: SCHEMA_VERSION + 1 })
    expect(error.code).toBe('project-too-new')
    expect(error.hint).toContain('Update')
  })

  /** A sound file with one value replaced; undefined takes it out. */
  const broken = (path: string, value: unknown): unknown => {
    const file = sound()
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let place: object = file
    for (const key of keys) place = Reflect.get(place, key) as object
    Reflect.set(place, last, value)
    return JSON.parse(JSON.stringify(file))
  }
  const many = (count: number, key: (at: number) => string, value: unknown): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [key(at), value]))
  const json = (text: string): unknown =>
    JSON.parse(JSON.stringify(sound()).replace('"seq":7', text))
  const deepBetween = (depth: number): MaskKeyframe => {
    let shapes: MaskKeyframe = [stroke()]
    for (let at = 0; at < depth; at++) {
      shapes = [{ kind: 'between', erase: false, before: shapes, after: [], t: 0.5 }]
    }
    return shapes
  }
  const hostile: [string, () => unknown, RegExp][] = [
    ['nothing', () => null, /does not say/],
    ['a list', () => [], /does not say/],
    ['another app', () => ({ ...sound(), app: 'x' }), /does not say/],
    ['no version', () => ({ ...sound(), version: '1' }), /version/],
    ['a version of 0', () => ({ ...sound(), version: 0 }), /version/],
    ['__proto__ as a key', () => json('"seq":7,"__proto__":{"polluted":true}'), /__proto__/],
    [
      '__proto__ among the records',
      () => JSON.parse(JSON.stringify(sound()).replace('"clip_a":', '"__proto__":')),
      /__proto__/,
    ],
    ['constructor as a key', () => json('"seq":7,"constructor":{"prototype":{}}'), /constructor/],
    ['an unknown key', () => ({ ...sound(), more: 1 }), /more/],
    ['1e999 as a number', () => json('"seq":1e999'), /seq/],
    ['a huge frame number', () => broken('records.clip_a.start', 1e15), /start/],
    ['a frame rate of nothing', () => broken('meta.fps.den', 0), /fps/],
    ['text for a number', () => broken('records.clip_a.start', '0'), /start/],
    ['a list for the records', () => broken('records', []), /records/],
    ['a path with ..', () => broken('records.asset_a.path', 'media/../../etc/passwd'), /path/],
    ['an absolute path', () => broken('records.asset_a.path', '/etc/passwd'), /path/],
    ['a drive letter', () => broken('records.asset_a.path', 'C:/x'), /path/],
    ['a path out of its folder', () => broken('records.asset_a.path', 'project.json'), /path/],
    ['another id inside', () => broken('records.clip_a.id', 'clip_z'), /clip_a/],
    ['a missing reference', () => broken('records.asset_a', undefined), /asset_a/],
    ['overlapping clips', () => broken('records.clip_b.start', 10), /on top/],
    [
      'between shapes nested too deeply',
      () => broken('records.mask_a.keyframes', { 0: deepBetween(5) }),
      /kind/,
    ],
    [
      'between shapes nested a thousand deep',
      () => broken('records.mask_a.keyframes', { 0: deepBetween(1000) }),
      /deep/,
    ],
    [
      'a hundred thousand levels',
      () => JSON.parse(`${'['.repeat(1e5)}${']'.repeat(1e5)}`) as unknown,
      /deep/,
    ],
    [
      'a million points',
      () =>
        broken('records.mask_a.keyframes', {
          0: [
            stroke(...new Array<number>(60).fill(1)),
            { ...stroke(), points: new Array<number>(2e6).fill(1) },
          ],
        }),
      /2000000/,
    ],
    [
      'too many records',
      () =>
        broken(
          'records',
          many(60_000, (at) => `marker_${at}`, 0),
        ),
      /60000 entries/,
    ],
    [
      'too many key frames',
      () => broken('records.mask_a.keyframes', many(30_000, String, [])),
      /keyframes/,
    ],
  ]
  it.each(hostile)('refuses %s, quickly and with a hint', (_, make, message) => {
    const error = refusal(make())
    expect(error.code).toBe('project-invalid')
    expect(error.message).toMatch(message)
    expect(error.hint).toBeTruthy()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('migrate', () => {
  it('runs the steps from the file to the current version in order', () => {
    const steps = [2, 3, 4].map((to) => (file: Record<string, unknown>) => ({
      ...file,
      trail: [...((file.trail as number[] | undefined) ?? []), to],
    }))
    const from = (version: number): unknown => migrate({ app: 'lumiere-studio', version }, steps, 4)
    expect(from(1)).toMatchObject({ version: 4, trail: [2, 3, 4] })
    expect(from(3)).toMatchObject({ version: 4, trail: [4] })
    expect(from(4)).toEqual({ app: 'lumiere-studio', version: 4 })
  })
})

describe('canonicalJson', () => {
  it('does not depend on the order of keys and keeps the data', () => {
    const a = { b: [1, 2, { d: null, c: 'x' }], a: { 10: 1, 9: [] }, e: {}, f: undefined }
    const b = { e: {}, a: { 9: [], 10: 1 }, b: [1, 2, { c: 'x', d: null }] }
    expect(canonicalJson(a)).toBe(canonicalJson(b))
    expect(JSON.parse(canonicalJson(a))).toEqual(b)
  })

  it('keeps the points of a stroke on one line', () => {
    expect(canonicalJson({ points: [1, 2, 3, 4] })).toBe('{\n  "points": [1,2,3,4]\n}\n')
  })
})
