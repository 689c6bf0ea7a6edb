// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asset, clip, documentOf, segment, take, track } from '../../../tests/fixtures/documents.js'
import type { TakeBeneath } from '../../shared/document/model.js'
import { startI18n } from '../i18n/index.js'
import { useProject } from '../state/project.js'
import { StaleRemark } from './StaleRemark.js'

// React asks for it wherever act() is used outside of its own test tools.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

/** One edit on a clip, made on what `under` says; nothing lies below it now. */
function made(under: readonly TakeBeneath[]) {
  return documentOf(
    asset('asset_a'),
    track('track_v'),
    clip('clip_a', { length: 50 }),
    segment('segment_a', { from: 0, to: 40, clipId: 'clip_a', acceptedTakeId: 'take_a' }),
    take('take_a', 'segment_a', { from: 0, to: 40, under }),
  )
}

describe('what is said before an export', () => {
  let root: Root
  beforeAll(() => startI18n('en'))
  beforeEach(() => {
    root = createRoot(document.body.appendChild(document.createElement('div')))
  })
  afterEach(() => {
    act(() => root.unmount())
    document.body.replaceChildren()
    useProject.setState({ doc: null })
  })
  const said = (): string => {
    act(() => root.render(<StaleRemark />))
    return document.body.textContent
  }

  it('tells that an edit is out of date', () => {
    useProject.setState({ doc: made([{ path: 'takes/gone', from: 0, to: 40 }]) })
    expect(said()).toContain('One edit in the film is out of date')
  })

  it('is nothing where all of them fit, or where there is no project', () => {
    expect(said()).toBe('')
    useProject.setState({ doc: made([]) })
    expect(said()).toBe('')
  })
})
