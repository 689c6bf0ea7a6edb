import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// The tests' app comes with the style pack alone: generating with the real world model would take
// minutes, and its absence is tested too. shippedPacks.ts fills the folder.
const withShippedPacks = (project: string): object => ({
  globalSetup: 'tests/support/shippedPacks.ts',
  env: { LUMIERE_PACKS: resolve('out/test-packs', project) },
})

// Unit tests stand beside the source; everything that starts processes lives under tests/.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'node',
          // Image kernels on real sizes: a busy machine needs a multiple of their quiet second.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...withShippedPacks('integration'),
          name: 'integration',
          include: ['tests/{integration,contract,quality}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two cores: two files side by side starve each other's ffmpeg and trip the timeouts.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...withShippedPacks('e2e'),
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
