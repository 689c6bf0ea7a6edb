import { mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'

const FRAME = /^frame_\d{6}\.png$/

/** ffmpeg's pattern for the frames of a folder; `%` in the folder's own name is not part of it. */
export function framePattern(folder: string): string {
  return join(folder.replaceAll('%', '%%'), 'frame_%06d.png')
}

/** The last chunk of every whole PNG. */
const END = Buffer.from('0000000049454e44ae426082', 'hex')

/**
 * Makes sure that `count` frames are there to their last byte: ffmpeg goes on, and reports
 * success, when the disk fills up in the middle of a picture.
 *
 * @throws AppError `disk-full`, `disk-write`
 */
export async function checkFrames(folder: string, count: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => FRAME.test(name))
  const whole = await Promise.all(names.map((name) => endsWell(join(folder, name))))
  if (names.length === count && whole.every(Boolean)) return
  const disk = await statfs(folder)
  const full = disk.bavail * disk.bsize < ROOM
  throw new AppError(
    full ? 'disk-full' : 'disk-write',
    full ? 'The disk is full.' : 'Not every picture could be written.',
    {
      hint: 'Free some space or choose another folder, then try again.',
      detail: `${whole.filter(Boolean).length} of ${count} in ${folder}`,
    },
  )
}

/** With less free than a large picture takes, it was the disk. */
const ROOM = 64 * 1024 * 1024

async function endsWell(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < END.length) return false
    const tail = Buffer.alloc(END.length)
    await file.read(tail, 0, END.length, size - END.length)
    return tail.equals(END)
  } finally {
    await file.close()
  }
}

/** Puts the frames into the folder; frames of an older, longer export there go, other files stay. */
export async function moveFrames(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const fresh = new Set(await readdir(from))
  for (const name of await readdir(to)) {
    if (FRAME.test(name) && !fresh.has(name)) await rm(join(to, name))
  }
  for (const name of fresh) await rename(join(from, name), join(to, name))
  await rmdir(from)
}

/** Bytes of all frames. */
export async function framesSize(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => FRAME.test(name))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
