import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import type { TestProjectInlineConfiguration } from 'vitest/config'

/**
 * Tests that start processes, one file after the other: two side by side starve each other's ffmpeg
 * and trip the timeouts. Their app comes with the style pack alone: generating with the real world
 * model would take minutes, and its absence is tested too. shippedPacks.ts fills the folder.
 */
function inARow(
  name: string,
  include: string[],
  testTimeout: number,
): TestProjectInlineConfiguration {
  return {
    test: {
      ...{ name, include, testTimeout },
      environment: 'node',
      hookTimeout: 120_000,
      fileParallelism: false,
      globalSetup: 'tests/support/shippedPacks.ts',
      env: { LUMIERE_PACKS: resolve('out/test-packs', name) },
    },
  }
}

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
      inARow('integration', ['tests/{integration,quality}/**/*.test.ts'], 120_000),
      inARow('contract', ['tests/contract/**/*.test.ts'], 120_000),
      inARow('e2e', ['tests/e2e/**/*.test.ts'], 240_000),
    ],
  },
})
