import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { framesIn, listParts } from './takeParts.js'

const note = { confidence: 0.5, seen: 1, untouched: false }

describe('the parts of a take that a killed process left', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parts-'))
    await mkdir(join(folder, 'parts'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const video = (name: string, bytes = 'x'): Promise<void> =>
    writeFile(join(folder, 'parts', `${name}.mkv`), bytes)
  const noted = (name: string, frames: number): Promise<void> =>
    writeFile(
      join(folder, 'parts', `${name}.json`),
      JSON.stringify({ notes: Array.from({ length: frames }, () => note), seconds: 2 }),
    )
  async function part(name: string, frames: number): Promise<void> {
    await video(name)
    await noted(name, frames)
  }

  it('count from the first without a gap', async () => {
    await part('000000', 5)
    await part('000005', 7)
    await part('000013', 4)
    const parts = await listParts(folder)
    expect(parts.map(({ first }) => first)).toEqual([0, 5])
    expect(framesIn(parts)).toBe(12)
    expect(parts[1]?.notes).toHaveLength(7)
  })

  it('end before one that is not complete', async () => {
    await part('000000', 5)
    await video('000005')
    expect(framesIn(await listParts(folder))).toBe(5)
    await writeFile(join(folder, 'parts', '000005.json'), '{"notes":[{"confid')
    expect(framesIn(await listParts(folder))).toBe(5)
    await noted('000005', 3)
    expect(framesIn(await listParts(folder))).toBe(8)
    await video('000005', '')
    expect(framesIn(await listParts(folder))).toBe(5)
  })

  it('are none where nothing was begun', async () => {
    await rm(join(folder, 'parts'), { recursive: true })
    expect(framesIn(await listParts(folder))).toBe(0)
  })
})
