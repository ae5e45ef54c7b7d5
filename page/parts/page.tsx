import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { NOTHING, watch } from '../state/watch.ts'
import { AttentionList } from './attention-list.tsx'
import { Events } from './events.tsx'
import { Explain } from './explain.tsx'
import { Figures } from './figures.tsx'
import { Header } from './header.tsx'
import { OpenRequests } from './open-requests.tsx'
import { Reloads } from './reloads.tsx'
import { RunningFile } from './running-file.tsx'
import { Secrets } from './secrets.tsx'
import { Traffic } from './traffic.tsx'
import { Upstreams } from './upstreams.tsx'

/** Everything, as it is now. */
export function Page(): VNode {
  const [seen, show] = useState(NOTHING)
  useEffect(() => watch(show), [])
  const { status, config, events, samples } = seen
  return (
    <>
      <Header seen={seen} />
      <main>
        <AttentionList seen={seen} />
        <Figures status={status} sample={samples.at(-1)} />
        <Traffic samples={samples} traffic={status?.traffic} />
        <OpenRequests open={status?.open ?? []} />
        <Upstreams upstreams={status?.upstreams ?? []} />
        <Secrets secrets={status?.secrets ?? []} />
        <RunningFile live={config?.live} traffic={status?.traffic} />
        <Explain />
        <Reloads disk={config?.disk ?? null} reloads={config?.reloads ?? []} />
        <Events events={events} />
      </main>
    </>
  )
}
