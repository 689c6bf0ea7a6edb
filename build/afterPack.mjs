import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const PROGRAMS = new Set(['ffmpeg', 'ffprobe'])

/**
 * ffprobe's package ships its program without the right to run (mode 0644), and a packed app
 * cannot mend that at its start where it lies in a folder of the system.
 * @param {{ packager: { getResourcesDir(out: string): string }, appOutDir: string }} context
 */
export default async function afterPack({ packager, appOutDir }) {
  const unpacked = join(packager.getResourcesDir(appOutDir), 'app.asar.unpacked/node_modules')
  for (const scope of ['@ffmpeg-installer', '@ffprobe-installer']) {
    const files = await readdir(join(unpacked, scope), { recursive: true, withFileTypes: true })
    const programs = files.filter((file) => file.isFile() && PROGRAMS.has(file.name))
    for (const file of programs) await chmod(join(file.parentPath, file.name), 0o755)
  }
}
