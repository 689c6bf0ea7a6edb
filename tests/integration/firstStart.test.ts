import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { temporaryFolder } from './mediaClips.js'

/** What a start opens, and in which state. */
describe('a start', () => {
  const sessions: CoreSession[] = []
  const begin = (base: string): CoreSession => {
    const session = startSession(base)
    sessions.push(session)
    return session
  }
  afterEach(async () => {
    for (const { core } of sessions.splice(0)) await core.close()
  })
  const sampleThere = async ({ call }: CoreSession): Promise<void> => {
    await expect
      .poll(async () => (await call('jobs.list', {})).map(({ status }) => status), {
        timeout: 60_000,
      })
      .toEqual(['succeeded'])
  }

  it('shows the sample saved, with nothing to undo', async () => {
    const session = begin(await temporaryFolder())
    await session.call('project.openLatest', {})
    await sampleThere(session)
    const state = await session.call('project.state', {})
    expect(recordsOf(state?.doc ?? fail(), 'clip').length).toBeGreaterThan(0)
    expect(state).toMatchObject({ unsaved: 0, history: { entries: [] } })
  })

  it('brings the sample clip again where the first one was not waited for', async () => {
    const base = await temporaryFolder()
    const session = begin(base)
    const { folder } = await session.call('project.openLatest', {})
    await session.call('project.create', { folder: join(base, 'Mine'), name: 'Mine' })
    await session.call('project.open', { folder })
    await sampleThere(session)
    const state = await session.call('project.state', {})
    expect(recordsOf(state?.doc ?? fail(), 'asset')).toHaveLength(1)
    expect(state).toMatchObject({ recovered: null })
  })

  it('names a project that it passes over because it is open elsewhere', async () => {
    const base = await temporaryFolder()
    const first = begin(base)
    await first.call('project.create', { folder: join(base, 'Old'), name: 'Old' })
    await first.call('project.create', { folder: join(base, 'New'), name: 'New' })
    const second = begin(base)
    const state = await second.call('project.openLatest', {})
    expect(state.doc.meta.name).toBe('Old')
    expect(state.passedOver).toMatchObject([{ name: 'New', error: { code: 'project-locked' } }])
  })
})

function fail(): never {
  throw new Error('No project is open.')
}
