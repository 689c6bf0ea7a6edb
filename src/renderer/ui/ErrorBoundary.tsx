import { Component } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** What to show in place of the part that failed. */
  readonly fallback: (error: Error, again: () => void) => ReactNode
  readonly children: ReactNode
}

/** Keeps a failure while drawing to the part it happened in: the rest of the window stays. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null }

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return this.props.fallback(error, () => this.setState({ error: null }))
  }
}
