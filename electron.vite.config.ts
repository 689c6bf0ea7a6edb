import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const main = (file: string): string => resolve(import.meta.dirname, 'src/main', file)

export default defineConfig({
  main: {
    build: {
      // The web host and the command line run the same files in plain Node 20.
      target: 'node20',
      sourcemap: true,
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          index: main('index.ts'),
          web: main('web.ts'),
          cli: main('cli.ts'),
          engine: main('engine/entry.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: true,
      rolldownOptions: {
        input: { index: resolve(import.meta.dirname, 'src/preload/index.ts') },
        // A sandboxed preload must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(import.meta.dirname, 'src/renderer'),
    plugins: [react()],
    build: {
      minify: true,
      sourcemap: true,
      // The content security policy allows no fonts from data: addresses.
      assetsInlineLimit: 0,
      rolldownOptions: { input: resolve(import.meta.dirname, 'src/renderer/index.html') },
    },
  },
})
