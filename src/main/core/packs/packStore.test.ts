import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PACK_FILE } from '../../../shared/contract/pack.js'
import { createPackStore } from './packStore.js'
import type { PackStore } from './packStore.js'
import { readPack, verifyPack } from './readPack.js'

const TINY = resolve('tests/fixtures/packs/tiny')

let folder: string
let installed: string
let store: PackStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere-packs-'))
  installed = join(folder, 'data', 'packs')
  store = createPackStore({
    appFolder: join(folder, 'app'),
    installedFolder: installed,
    slowFile: join(folder, 'data', 'slow.json'),
  })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function copyOfTiny(name = 'tiny'): Promise<string> {
  const to = join(folder, name)
  await cp(TINY, to, { recursive: true })
  return to
}

async function changeManifest(at: string, changes: object): Promise<void> {
  const file = join(at, PACK_FILE)
  const old = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...old, ...changes }))
}

describe('a pack as training exports it', () => {
  it('is read and verified', async () => {
    const pack = await readPack(TINY)
    expect(pack.manifest).toMatchObject({ id: 'tiny', frames: 8, width: 32, seconds: 2.5 })
    await verifyPack(pack)
  })

  it('is refused with a changed byte, a missing or cut file', async () => {
    const at = await copyOfTiny()
    const weights = join(at, 'unet.000.bin')
    const bytes = await readFile(weights)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    await writeFile(weights, bytes)
    await expect(verifyPack(await readPack(at))).rejects.toMatchObject({ code: 'pack-damaged' })
    await writeFile(weights, bytes.subarray(1))
    await expect(readPack(at)).rejects.toMatchObject({ code: 'pack-damaged' })
    await rm(weights)
    await expect(readPack(at)).rejects.toMatchObject({ code: 'pack-damaged' })
  })

  it('is refused when newer, foreign, or reaching outside its folder', async () => {
    const at = await copyOfTiny()
    await changeManifest(at, { formatVersion: 3, components: 'of the future' })
    await expect(readPack(at)).rejects.toMatchObject({ code: 'pack-too-new' })
    await changeManifest(at, { formatVersion: 2, kind: 'of the future' })
    await expect(readPack(at)).rejects.toMatchObject({ code: 'pack-too-new' })
    await changeManifest(at, { format: 'other', formatVersion: 1, kind: undefined })
    await expect(readPack(at)).rejects.toMatchObject({ code: 'pack-invalid' })
    await expect(readPack(folder)).rejects.toMatchObject({ code: 'pack-invalid' })
    const climbing = await copyOfTiny('climbing')
    await changeManifest(climbing, { card: '../../secret.md' })
    await expect(readPack(climbing)).rejects.toMatchObject({ code: 'pack-invalid' })
  })
})

describe('the packs of a computer', () => {
  it('says what to do when there is none', async () => {
    expect(await store.list()).toEqual({
      ...{ packs: [], styles: [], upscalers: [], broken: [] },
      folder: installed,
    })
    await expect(store.find({ capability: 'generate' })).rejects.toMatchObject({
      code: 'pack-missing',
      hint: expect.stringContaining('lumiere packs install') as string,
    })
  })

  it('installs, lists, reads and removes', async () => {
    const summary = await store.install(TINY)
    expect(summary).toMatchObject({ id: 'tiny', from: 'installed', trained: false })
    expect(await readdir(installed)).toEqual(['tiny'])
    const pack = await store.find({ capability: 'generate' })
    expect(pack.sha256).toBe(summary.sha256)
    expect(await store.card(pack)).toContain('Untrained')
    expect((await store.vocabulary(pack)).slice(0, 3)).toEqual(['[pad]', '[unk]', '[bos]'])
    // Once more takes the old one's place.
    await store.install(TINY)
    expect((await store.list()).packs).toHaveLength(1)
    await store.remove('tiny')
    expect((await store.list()).packs).toEqual([])
  })

  it('shows what it made of some prompts, as far as the pictures are whole', async () => {
    await store.install(await copyOfTiny())
    const pack = await store.find({ id: 'tiny' })
    const shown = await store.examples(pack)
    expect(shown.map(({ prompt }) => prompt.en)).toEqual([
      'a red ball moving to the right',
      'snow falling at night',
    ])
    expect(shown[0]).toMatchObject({ frames: 4, rate: 3.2 })
    expect(shown[0]?.picture).toMatch(/^data:image\/webp;base64,UklGR/)
    const [first] = pack.manifest.examples ?? []
    await writeFile(join(pack.folder, first!.picture.file), 'cut')
    expect(await store.examples(pack)).toEqual([shown[1]])
    // What is cut is noticed when the pack is read again.
    await expect(readPack(pack.folder)).rejects.toMatchObject({ code: 'pack-damaged' })
    // A pack without examples shows none.
    await changeManifest(await copyOfTiny('plain'), { id: 'plain', examples: undefined })
    await store.install(join(folder, 'plain'))
    expect(await store.examples(await store.find({ id: 'plain' }))).toEqual([])
  })

  it('keeps packs that paint apart from those that make clips', async () => {
    const facts = await store.install(resolve('tests/fixtures/packs/tiny-style'))
    expect(facts).toMatchObject({ id: 'tiny-style', capabilities: ['stylize'], trained: false })
    await store.install(TINY)
    const { packs, styles } = await store.list()
    expect(packs.map(({ id }) => id)).toEqual(['tiny'])
    expect(styles.map(({ id }) => id)).toEqual(['tiny-style'])
    // The other one says that it can stylise too, by words.
    const style = await store.findStyle({ capability: 'stylize' })
    expect(style.manifest).toMatchObject({ id: 'tiny-style', kind: 'style' })
    await verifyPack(style)
    expect((await store.findAny({ id: 'tiny-style' })).sha256).toBe(facts.sha256)
    await expect(store.find({ id: 'tiny-style' })).rejects.toMatchObject({ code: 'pack-missing' })
  })

  it('has packs that enlarge beside the others, and can do without', async () => {
    await store.install(TINY)
    expect(await store.findUpscaler()).toBeNull()
    const facts = await store.install(resolve('tests/fixtures/packs/tiny-upscale'))
    expect(facts).toMatchObject({ id: 'tiny-upscale', capabilities: ['upscale'], trained: false })
    const { packs, styles, upscalers } = await store.list()
    expect([packs, styles, upscalers].map((some) => some.map(({ id }) => id))).toEqual([
      ['tiny'],
      [],
      ['tiny-upscale'],
    ])
    const pack = await store.findUpscaler()
    expect(pack?.manifest).toMatchObject({ id: 'tiny-upscale', kind: 'upscale' })
    await verifyPack(await store.findAny({ id: 'tiny-upscale' }))
  })

  it('remembers which providers are slow with a pack', async () => {
    await store.install(TINY)
    const pack = await store.find({ id: 'tiny' })
    expect((await store.source(pack)).slow).toEqual([])
    const slow = { name: 'webgpu', reason: 'slower here', slow: true } as const
    await store.learn(pack, [{ name: 'cuda', reason: 'no such library' }, slow])
    expect((await store.source(pack)).slow).toEqual([slow])
    expect((await store.source({ ...pack, sha256: 'another' })).slow).toEqual([])
  })

  it('leaves nothing of a damaged pack and keeps the good one', async () => {
    await store.install(TINY)
    const at = await copyOfTiny()
    await appendFile(join(at, 'unet.000.bin'), 'x')
    await expect(store.install(at)).rejects.toMatchObject({ code: 'pack-damaged' })
    expect(await readdir(installed)).toEqual(['tiny'])
    await verifyPack(await store.find({ id: 'tiny' }))
  })

  it('names a broken folder, and prefers a trained pack', async () => {
    await store.install(TINY)
    const app = join(folder, 'app')
    await mkdir(app)
    await cp(TINY, join(app, 'world'), { recursive: true })
    await changeManifest(join(app, 'world'), { id: 'world', training: { steps: 9, minutes: 1 } })
    await mkdir(join(app, 'rubbish'))
    const { packs, broken } = await store.list()
    expect(packs.map(({ id, from }) => [id, from])).toEqual([
      ['tiny', 'installed'],
      ['world', 'app'],
    ])
    expect(broken.map(({ error }) => error.code)).toEqual(['pack-invalid'])
    expect((await store.find({ capability: 'generate' })).manifest.id).toBe('world')
    await expect(store.remove('world')).rejects.toMatchObject({ code: 'forbidden' })
  })
})
