#!/usr/bin/env node
import { existsSync } from 'node:fs'

// In a checkout the sources may be newer than out/; a packaged copy has no scripts folder.
const builder = new URL('../scripts/build.mjs', import.meta.url)
if (existsSync(builder)) {
  const { buildOrExit } = await import(builder.href)
  await buildOrExit({ quiet: true })
}
await import(new URL('../out/main/cli.js', import.meta.url).href)
