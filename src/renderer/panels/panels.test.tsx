// @vitest-environment happy-dom
import { Tooltip } from 'radix-ui'
import { act } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { asset, clip, documentOf, segment, track } from '../../../tests/fixtures/documents.js'
import { startI18n } from '../i18n/index.js'
import { focusOf } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { MediaPanel } from './MediaPanel.js'
import { RangeChoice } from './RangeChoice.js'
import { SeedField } from './SeedField.js'

// Its pictures come from a server.
vi.mock('./Filmstrip.js', () => ({ Filmstrip: () => null }))

// React asks for it wherever act() is used outside of its own test tools.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

let root: Root
beforeAll(() => startI18n('en'))
beforeEach(() => {
  const box = document.createElement('div')
  document.body.append(box)
  root = createRoot(box)
})
afterEach(() => {
  act(() => root.unmount())
  document.body.replaceChildren()
})

function show(panel: ReactNode): void {
  act(() => root.render(<Tooltip.Provider>{panel}</Tooltip.Provider>))
}

function buttonNamed(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(
    (one) => one.getAttribute('aria-label') === name || one.textContent === name,
  )
  if (found === undefined) throw new Error(`There is no button ${name}.`)
  return found
}

describe('the seed', () => {
  it('is a whole number that fits, whatever is typed', () => {
    const onChange = vi.fn()
    show(<SeedField value={7} onChange={onChange} />)
    const field = document.querySelector('input')!
    expect(field.value).toBe('7')
    const type = (text: string): void =>
      act(() => {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
        field.dispatchEvent(new Event('input', { bubbles: true }))
      })
    type('12a3')
    type('99999999999')
    type('')
    expect(onChange.mock.calls).toEqual([[123], [0xffff_ffff], [0]])
  })

  it('is another one at the press of a button', () => {
    const seeds = new Set<unknown>()
    show(<SeedField value={7} onChange={(seed) => seeds.add(seed)} />)
    for (let n = 0; n < 3; n++) act(() => buttonNamed('New seed').click())
    expect(seeds.size).toBeGreaterThan(1)
  })
})

describe('the range of an edit', () => {
  const doc = documentOf(
    asset('asset_a'),
    track('track_v'),
    clip('clip_a', { start: 100, in: 10, length: 50 }),
    segment('segment_a', { from: 20, to: 40, clipId: 'clip_a' }),
  )
  const render = (range: { from: number; to: number } | null): ReturnType<typeof vi.fn> => {
    useProject.setState({ doc })
    useEditor.setState({ range, selectedSegmentId: 'segment_a' })
    const focus = focusOf(doc, { ...useEditor.getState(), selectedSegmentId: 'segment_a' })
    if (focus?.segment === undefined) throw new Error('no segment')
    const onChange = vi.fn()
    show(<RangeChoice focus={{ ...focus, segment: focus.segment }} onChange={onChange} />)
    return onChange
  }
  const pressed = (name: string): boolean =>
    buttonNamed(name).getAttribute('aria-checked') === 'true'

  it('takes the part between in and out, in frames of the source', () => {
    const onChange = render({ from: 105, to: 125 })
    expect([pressed('Whole clip'), pressed('In–out range')]).toEqual([false, false])
    act(() => buttonNamed('In–out range').click())
    act(() => buttonNamed('Whole clip').click())
    expect(onChange.mock.calls).toEqual([[{ from: 15, to: 35 }], [{ from: 10, to: 60 }]])
  })

  it('shows which of the two it is', () => {
    render({ from: 110, to: 130 })
    expect([pressed('Whole clip'), pressed('In–out range')]).toEqual([false, true])
  })

  it('offers no range where there is none', () => {
    render(null)
    expect(buttonNamed('In–out range').disabled).toBe(true)
  })
})

describe('the media', () => {
  it('has a rate and a length for a clip, and neither for a still', () => {
    const still = asset('asset_still', { kind: 'image', frames: 1 })
    useProject.setState({ doc: documentOf(asset('asset_a'), still) })
    show(<MediaPanel />)
    const facts = [...document.querySelectorAll('.card-facts')].map((one) => one.textContent)
    expect(facts[0]).toContain('25 fps')
    expect(facts[1]).toContain('Picture')
    expect(facts[1]).not.toContain('fps')
  })
})
