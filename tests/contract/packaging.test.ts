import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Platform, build } from 'electron-builder'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Marks the place of the fuses in Electron's executable; @electron/fuses looks for it. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSES = [
  'runAsNode',
  'cookies',
  'NODE_OPTIONS',
  'inspect',
  'integrity',
  'onlyAsar',
  'snapshot',
  'file',
  'wasm',
]

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'the packed app, around a stand-in for Electron',
  () => {
    let folder: string
    let packed: string
    let resources: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lumiere-pack-'))
      const electron = join(folder, 'electron')
      await mkdir(join(electron, 'resources'), { recursive: true })
      await mkdir(join(electron, 'locales'))
      const fuses = Buffer.concat([
        Buffer.from(SENTINEL),
        Buffer.from([1, FUSES.length]),
        Buffer.from('0'.repeat(FUSES.length)),
      ])
      await writeFile(join(electron, 'electron'), fuses, { mode: 0o755 })
      await writeFile(join(electron, 'version'), '45.4.1')
      await writeFile(join(electron, 'LICENSE'), '')
      await build({
        targets: Platform.LINUX.createTarget('dir'),
        publish: null,
        config: {
          electronDist: electron,
          electronVersion: '45.4.1',
          directories: { output: join(folder, 'dist'), buildResources: resolve('build') },
        },
      })
      packed = join(folder, 'dist', 'linux-unpacked')
      resources = join(packed, 'resources')
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('leaves programs and native libraries outside the archive, ready to run', async () => {
      const modules = join(resources, 'app.asar.unpacked/node_modules')
      for (const [scope, program] of [
        ['@ffmpeg-installer', 'ffmpeg'],
        ['@ffprobe-installer', 'ffprobe'],
      ] as const) {
        const { mode } = await stat(join(modules, scope, 'linux-x64', program))
        expect(mode & 0o777, program).toBe(0o755)
      }
      const native = await readdir(join(modules, 'onnxruntime-node/bin/napi-v6'), {
        recursive: true,
      })
      expect(native.filter((name) => name.endsWith('.node'))).toEqual([
        'linux/x64/onnxruntime_binding.node',
      ])
      await stat(join(resources, 'app.asar.unpacked/out/main/engine.js'))
    })

    it('packs what runs and nothing else', async () => {
      const archive = await readFile(join(resources, 'app.asar'))
      // The archive begins with its own table of contents as JSON.
      const contents = archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))
      const { files } = JSON.parse(contents) as { files: Record<string, { files?: object }> }
      expect(Object.keys(files).sort()).toEqual(['node_modules', 'out', 'package.json'])
      expect(Object.keys(files['out']?.files ?? {}).sort()).toEqual(['main', 'preload', 'renderer'])
      const modules = Object.keys(files['node_modules']?.files ?? {})
      expect(modules).toContain('onnxruntime-node')
      for (const name of [
        'electron',
        'vite',
        'react',
        'typescript',
        'playwright-core',
        'fast-check',
      ]) {
        expect(modules, name).not.toContain(name)
      }
      expect(contents).not.toContain('.map"')
    })

    it('turns off every way into Electron but the app', async () => {
      const [program] = (await readdir(packed)).filter((name) => name.startsWith('lumiere'))
      const bytes = await readFile(join(packed, program ?? ''))
      const at = bytes.indexOf(SENTINEL) + SENTINEL.length + 2
      const state = bytes.toString('latin1', at, at + FUSES.length)
      expect(Object.fromEntries(FUSES.map((name, index) => [name, state[index]]))).toMatchObject({
        runAsNode: '0',
        cookies: '1',
        NODE_OPTIONS: '0',
        inspect: '0',
        integrity: '1',
        onlyAsar: '1',
        file: '0',
      })
    })

    it('gives ffprobe its right to run even where the package came without', async () => {
      const { default: afterPack } = (await import(
        pathToFileURL(resolve('build/afterPack.mjs')).href
      )) as {
        default: (context: object) => Promise<void>
      }
      const program = join(
        resources,
        'app.asar.unpacked/node_modules/@ffprobe-installer/linux-x64/ffprobe',
      )
      await chmod(program, 0o644)
      await afterPack({ appOutDir: packed, packager: { getResourcesDir: () => resources } })
      expect((await stat(program)).mode & 0o777).toBe(0o755)
    })
  },
)
