import { Component } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** What to show in place of the part that failed. */
  readonly fallback: (error: Error, again: () => void) => ReactNode
  readonly children: ReactNode
}

interface State {
  readonly error: Error | null
}

/** Keeps a failure while drawing to the part it happened in: the rest of the window stays. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return this.props.fallback(error, () => this.setState({ error: null }))
  }
}
