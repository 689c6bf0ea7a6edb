import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeGreyPng, readGreyPng } from './greyPng.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere-png-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

describe('grey PNGs', () => {
  it('come back as they were written', async () => {
    const picture = { width: 3, height: 2, data: Uint8Array.of(0, 50, 100, 150, 200, 255) }
    expect(await readGreyPng(await file('a.png', encodeGreyPng(picture)))).toEqual(picture)
  })

  it('take luminance from colour and count transparent as black', async () => {
    const data = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255)
    const png = encode({ width: 3, height: 1, data, channels: 4, depth: 8 })
    expect([...(await readGreyPng(await file('b.png', png))).data]).toEqual([255, 0, 182])
  })

  it('bring 16 bits down to 8', async () => {
    const data = Uint16Array.of(0, 32768, 65535)
    const png = encode({ width: 3, height: 1, data, channels: 1, depth: 16 })
    expect([...(await readGreyPng(await file('c.png', png))).data]).toEqual([0, 128, 255])
  })

  it('refuse a file that is no PNG, a missing one and a bomb, before inflating it', async () => {
    const text = await file('d.png', new TextEncoder().encode('not a picture'.repeat(10)))
    // What stands where a PNG has its size says nothing here.
    await expect(readGreyPng(text)).rejects.toThrow('could not be read as a PNG')
    await expect(readGreyPng(text)).rejects.toMatchObject({ code: 'mask-invalid' })
    await expect(readGreyPng(join(folder, 'none.png'))).rejects.toMatchObject({
      code: 'file-missing',
    })
    const png = encodeGreyPng({ width: 1, height: 1, data: Uint8Array.of(0) })
    new DataView(png.buffer, png.byteOffset).setUint32(16, 60000)
    new DataView(png.buffer, png.byteOffset).setUint32(20, 60000)
    await expect(readGreyPng(await file('e.png', png))).rejects.toMatchObject({
      code: 'mask-invalid',
    })
  })
})
