import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepLog } from './engineLog.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere log '))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the log of the engine', () => {
  it('goes on where it was, with the time of each start', async () => {
    const file = join(folder, 'logs', 'engine.log')
    for (const words of ['first\n', 'second\n']) {
      keepLog(Readable.from([words]), file)
      await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain(words)
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(lines.map((line) => line.replace(/^--- \d{4}-.*Z$/, 'start'))).toEqual([
      ...['start', 'first', 'start', 'second'],
    ])
  })

  it('never grows without end', async () => {
    const file = join(folder, 'engine.log')
    await writeFile(file, Buffer.alloc(2 * 1024 * 1024, 'x'))
    keepLog(Readable.from(['new\n']), file)
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toMatch(/^---.*\nnew\n$/)
    expect((await readFile(`${file}.old`)).length).toBe(2 * 1024 * 1024)
  })

  it('lets the process go on where nothing can be written', async () => {
    await writeFile(join(folder, 'blocked'), '')
    const words = new PassThrough({ highWaterMark: 16 })
    keepLog(words, join(folder, 'blocked', 'engine.log'))
    await new Promise((later) => setTimeout(later, 50))
    words.write(Buffer.alloc(1000))
    await expect.poll(() => words.readableLength).toBe(0)
  })
})
