// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startI18n } from '../i18n/index.js'
import { TakeSureness } from './TakeSureness.js'

// React asks for it wherever act() is used outside of its own test tools.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

describe('how sure a take is', () => {
  let root: Root
  beforeAll(() => startI18n('en'))
  beforeEach(() => {
    root = createRoot(document.body.appendChild(document.createElement('div')))
  })
  afterEach(() => {
    act(() => root.unmount())
    document.body.replaceChildren()
  })
  const show = (confidence: number): string => {
    act(() => root.render(<TakeSureness confidence={confidence} />))
    return document.querySelector<HTMLElement>('.meter-fill')?.style.background ?? ''
  }

  it('has the colour that its frames have on the timeline', () => {
    expect([0.9, 0.5, 0.15].map((value) => show(value))).toEqual([
      'var(--confidence-high)',
      'var(--confidence-mid)',
      'var(--confidence-low)',
    ])
  })
})
