import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findChromium } from './chromium.js'

/** Environment in which Vulkan, and with it WebGPU, runs in software: Chromium brings SwiftShader. */
export function softwareVulkan(): Record<string, string> | null {
  const chromium = findChromium()
  if (process.platform !== 'linux' || chromium === null) return null
  const folders = [dirname(realpathSync(chromium)), '/usr/lib/chromium', '/opt/google/chrome']
  const folder = folders.find((one) => existsSync(join(one, 'vk_swiftshader_icd.json')))
  if (folder === undefined) return null
  const driver = join(folder, 'vk_swiftshader_icd.json')
  // VK_ICD_FILENAMES is the older name of the same thing, for older loaders.
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder }
}
