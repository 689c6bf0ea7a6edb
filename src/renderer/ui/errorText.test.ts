import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { startI18n } from '../i18n/index.js'
import { errorText } from './errorText.js'

describe('what is said about an error', () => {
  beforeAll(() => startI18n('it'))
  const said = (code: 'file-missing' | 'not-found' | 'disk-full', detail?: string) =>
    errorText(
      { code, message: 'A file is missing.', ...(detail === undefined ? {} : { detail }) },
      'it',
      i18next.t,
    ).title

  it('names the file that is not there', () => {
    expect(said('file-missing', '/films/media/Übung 1.mp4')).toMatch(/^Übung 1\.mp4: /)
    expect(said('file-missing', 'ENOENT C:\\films\\a.mp4')).toMatch(/^a\.mp4: /)
    expect(said('not-found', 'media/a.mp4')).toMatch(/^a\.mp4: /)
  })

  it('names none where none is known, or another thing failed', () => {
    const plain = said('file-missing')
    expect(plain).not.toContain(': ')
    expect(said('file-missing', 'no path here')).toBe(plain)
    expect(said('disk-full', 'ENOSPC /films/a.mp4')).not.toContain('a.mp4')
  })

  it('says how much room is missing, where that is known', () => {
    const error = { code: 'disk-full', message: 'Full.', missingBytes: 2.34e9 } as const
    const { title } = errorText(error, 'it', i18next.t)
    expect(title).toMatch(/^Il disco è pieno\. Mancano 2,3 GB\.$/)
  })

  it('does not name it twice', () => {
    const error = { code: 'not-found', message: 'There is no file media/a.mp4.' } as const
    const { title } = errorText({ ...error, detail: 'media/a.mp4' }, 'en', i18next.t)
    expect(title).toBe(error.message)
  })
})
