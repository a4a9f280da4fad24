// Every page works without this; it only makes components nicer to use.
import { initAll } from '/assets/govuk-frontend.min.js'

initAll()

// A part of a page that changes by itself: long work on its way, a code that is good for seconds.
const follow = (part) => {
  const seconds = Number(part.dataset.follow) || 1
  setTimeout(async () => {
    const answer = await fetch(location.href).catch(() => undefined)
    if (!answer?.ok) return follow(part)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const next = page.querySelector('[data-follow]')
    if (!next) return location.reload()
    part.replaceWith(next)
    follow(next)
  }, seconds * 1000)
}
document.querySelectorAll('[data-follow]').forEach(follow)
