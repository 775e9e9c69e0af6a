import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Notice, Page } from '../ui/index.ts'

interface Props {
  readonly children: ReactNode
}

/** A fault in one screen shows this instead of a blank window; the session underneath goes on saving. */
export class CrashScreen extends Component<Props, { readonly crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error('screen stopped', error, info.componentStack)
  }

  override render() {
    return this.state.crashed ? <Crashed onAgain={() => this.setState({ crashed: false })} /> : this.props.children
  }
}

function Crashed({ onAgain }: { readonly onAgain: () => void }) {
  const { t } = useTranslation('common')
  return (
    <main id="main" className="t-plain">
      <Page title={t('crash.title')}>
        <Notice
          tone="care"
          title={t('crash.safe')}
          actions={
            <Button look="primary" onPress={onAgain}>
              {t('crash.again')}
            </Button>
          }
        >
          {t('crash.todo')}
        </Notice>
      </Page>
    </main>
  )
}
