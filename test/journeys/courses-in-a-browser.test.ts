import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { createWindows, expectAccessible, signIn, type Windows } from '../support/browser.js'
import { smallParliament } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

interface Focused {
  tag: string
  type: string | null
  name: string
  /** Whether it is a button of the page's own. */
  acts: boolean
}

/** Does on a page what it asks, with the keyboard alone: Tab to what is needed, Space, Enter. */
async function answerByKeyboard(page: Page): Promise<void> {
  const names = new Set<string>()
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    const { tag, type, name, acts } = await page.evaluate<Focused>(`({
      tag: document.activeElement.tagName,
      type: document.activeElement.getAttribute('type'),
      name: document.activeElement.getAttribute('name') || '',
      acts: document.activeElement.matches('main .govuk-button'),
    })`)
    if (type === 'radio' || type === 'checkbox') {
      if (!names.has(name)) await page.keyboard.press('Space')
      names.add(name)
    } else if (tag === 'SELECT') {
      names.add(name)
      for (let place = 0; place < names.size; place++) await page.keyboard.press('ArrowDown')
    } else if (acts) {
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
      return
    }
  }
  throw new Error(`no button is reached by Tab on ${page.url()}`)
}

describe('a course in a real browser', () => {
  let world: World
  let windows: Windows
  before(async function () {
    this.timeout(60_000)
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('mair@parliament.example', 'mair')
    await world.account('tomos@parliament.example', 'tomos')
    windows = await createWindows()
  })
  after(async () => {
    await windows.close()
    await world.close()
  })

  it('is taken to its end on a telephone with the keyboard alone, and axe finds nothing', async function () {
    this.timeout(120_000)
    const page = await windows.open(world.address, { width: 390 })
    await signIn(page, 'mair@parliament.example')
    await expectAccessible(page)
    await page.goto('/training/test-course')
    const looked = new Set<string>()
    for (let pages = 0; pages < 60; pages++) {
      // One of each kind of page is enough for axe; the way through is walked whole.
      const kind = await page.evaluate<string>(
        'document.querySelector("main input[name=do]")?.value ?? document.querySelector("main h1, main h2").className',
      )
      if (!looked.has(kind)) await expectAccessible(page)
      looked.add(kind)
      if (await page.locator('.gs-panel').count()) break
      await answerByKeyboard(page)
    }
    expect(await page.locator('.gs-panel h1').textContent()).to.equal('Completed')
    expect([...looked]).to.include.members(['read', 'check', 'choose', 'acknowledge', 'answer'])
  })

  it('moves to the result of an answer, and leaves at once by “Exit this page”', async function () {
    this.timeout(60_000)
    const page = await windows.open(world.address)
    await signIn(page, 'tomos@parliament.example')
    await page.goto('/training/test-course')
    await page.locator('main form button').click()
    await page.goto('/training/test-course/questions/check-single')
    await page.locator('main .govuk-radios__input').first().check()
    await page.locator('main form button').click()
    await page.waitForURL(/#result$/)
    expect(await page.locator('#result').getAttribute('role')).to.equal('alert')
    expect(await page.evaluate<string>('document.activeElement.id')).to.equal('result')
    const left = page.waitForRequest((request) => request.url().startsWith('https://'))
    for (let times = 0; times < 3; times++) await page.keyboard.press('Shift')
    expect((await left).isNavigationRequest()).to.equal(true)
  })

  it('needs no JavaScript: every page works, and prints large', async function () {
    this.timeout(60_000)
    const page = await windows.open(world.address, { javaScriptEnabled: false, width: 320 })
    await signIn(page, 'tomos@parliament.example')
    await page.goto('/training/test-course/stories/two-doors')
    await page.locator('main .govuk-radios__input').first().check()
    await page.locator('main form button').click()
    expect(await page.locator('.gs-scene__chosen').count()).to.equal(1)
    await page.goto('/training/test-course?print=1&large=1')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.gs-header').isVisible()).to.equal(false)
    const size = await page.evaluate<number>(
      'parseFloat(getComputedStyle(document.querySelector(".gs-course-text p, .gs-course-text")).fontSize)',
    )
    expect(size).to.be.at.least(21)
  })
})
