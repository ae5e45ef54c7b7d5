/** Asks an admin interface for what a browser with the page open and a scraper ask it, as often; returns what ends it. */
export async function watchAdmin(admin) {
  const aborter = new AbortController()
  const { signal } = aborter
  const events = await fetch(`${admin}/events`, { signal })
  void read(events).catch(() => undefined)
  const timers = [
    every(1_000, `${admin}/status`, signal),
    every(15_000, `${admin}/metrics`, signal),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
    aborter.abort()
  }
}

function every(ms, url, signal) {
  const ask = () =>
    fetch(url, { signal }).then(
      (response) => response.text(),
      () => undefined,
    )
  return setInterval(() => void ask().catch(() => undefined), ms)
}

async function read({ body }) {
  for await (const _ of body);
}
