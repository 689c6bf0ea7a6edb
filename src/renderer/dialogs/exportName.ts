import type { ExportPreset } from '../../shared/contract/job.js'

const ENDINGS: Readonly<Record<ExportPreset, string>> = {
  mp4: '.mp4',
  prores: '.mov',
  png: '',
  ffv1: '.mkv',
}

/** A file (or folder) name for a project, safe on every system: the project's name without reserved signs. */
export function exportName(projectName: string, preset: ExportPreset): string {
  const safe = projectName
    // eslint wants no control characters in patterns: \p{Cc} names the same class.
    .replace(/[<>:"/\\|?*\p{Cc}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return `${safe === '' ? 'export' : safe}${ENDINGS[preset]}`
}
