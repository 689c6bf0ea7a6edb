import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import type { ReactNode } from 'react'

/** A titled, foldable part of a panel. */
export function Section({
  title,
  actions,
  children,
  startOpen = true,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly startOpen?: boolean
}) {
  const id = useId()
  const [open, setOpen] = useState(startOpen)
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id} className="section-title">
          <button
            type="button"
            className="section-toggle"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <ChevronDown className={open ? 'chevron' : 'chevron chevron-closed'} aria-hidden />
            {title}
          </button>
        </h2>
        {actions}
      </div>
      {open && <div className="section-body">{children}</div>}
    </section>
  )
}
