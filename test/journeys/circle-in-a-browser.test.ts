import { load } from 'cheerio'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { createCircleWorld } from '../support/cast.js'
import { createWindows, expectAccessible, signIn, type Windows } from '../support/browser.js'
import { fillIn, isFinished } from '../support/course-taker.js'
import type { World } from '../support/world.js'

const register = [
  'course,date,start,end,venue,delivery,name,attendance',
  'behaviour-code-staff,2026-02-24,10:00,12:30,Room 1,face-to-face,Tomos Wren,attended',
].join('\n')

/** Goes to a part of a page by Tab, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not come to ${selector} on ${page.url()}`)
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

/** Fills in a field by the keyboard: types, or chooses what a list or a group of boxes offers. */
async function fill(page: Page, name: string, value: string): Promise<void> {
  const field = page.locator(`main [name="${name}"]`).first()
  const isList = (await page.locator(`main select[name="${name}"]`).count()) > 0
  const kind = isList ? 'list' : await field.getAttribute('type')
  if (kind === 'radio' || kind === 'checkbox') {
    const choice = page.locator(`main [name="${name}"][value="${value}"]`)
    await choice.focus()
    if (!(await choice.isChecked())) await page.keyboard.press('Space')
  } else if (kind === 'list') {
    await field.selectOption(value)
  } else {
    await tabTo(page, `main [name="${name}"]`)
    // In which order a date is typed depends on the machine's own settings.
    if (kind === 'date') await field.fill(value)
    else await page.keyboard.type(value)
  }
}

describe('the circle in a real browser', () => {
  let world: World
  let windows: Windows
  const looked = new Set<string>()

  before(async function () {
    this.timeout(60_000)
    world = await createCircleWorld()
    windows = await createWindows()
  })
  after(async () => {
    await windows.close()
    await world.close()
  })

  /** Looks at a page once for each kind of page there is. */
  async function look(page: Page): Promise<void> {
    const kind = await page.evaluate<string>(
      'document.querySelector("main input[name=do]")?.value ?? document.title',
    )
    if (!looked.has(kind)) await expectAccessible(page)
    looked.add(kind)
  }

  /** Takes the Behaviour Code course to its end, answering rightly. */
  async function takeCourse(page: Page): Promise<void> {
    const course = world.app.catalogue.courses.get('behaviour-code')!
    await page.goto('/training/behaviour-code')
    for (let pages = 0; pages < 300; pages++) {
      const $ = load(await page.content())
      await look(page)
      if (isFinished({ $ })) return
      const filled = fillIn({ $ }, false, course)
      const hidden = new Set(
        $('main input[type="hidden"]')
          .toArray()
          .map((one) => $(one).attr('name')),
      )
      for (const [name, value] of filled?.fields ?? []) {
        if (!hidden.has(name)) await fill(page, name, value)
      }
      const onward =
        'main form button.govuk-button, main a.govuk-button:not(.govuk-button--secondary)'
      await page.locator(onward).first().focus()
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    }
    throw new Error('the course does not end')
  }

  it('goes round by keyboard, and axe finds nothing on any page', async function () {
    this.timeout(240_000)
    const officer = await windows.open(world.address)
    await signIn(officer, 'olive@example.org')
    await officer.goto('/outcomes')
    await look(officer)
    await press(officer, 'main a[href="/outcomes/new"]')
    await look(officer)
    await fill(officer, 'reference', 'CC/2026/9')
    await fill(officer, 'respondent', 'mair@parliament.example')
    await fill(officer, 'decidedOn', '2026-03-01')
    await fill(officer, 'sanctions', 'training')
    await fill(officer, 'subject', 'course')
    await fill(officer, 'course', 'behaviour-code')
    await fill(officer, 'delivery', 'online')
    await fill(officer, 'due', 'on')
    await fill(officer, 'dueOn', '2026-06-01')
    await press(officer, 'main form button.govuk-button')
    expect(await officer.locator('main').innerText()).to.include('CC/2026/9')
    await look(officer)

    const member = await windows.open(world.address, { width: 390 })
    await signIn(member, 'mair@parliament.example')
    await look(member)
    await press(member, 'main a[href="/training/behaviour-code"]')
    await takeCourse(member)
    await world.app.reconciler.settle()
    await member.goto('/certificates')
    await look(member)
    await member.locator('main a[href^="/certificates/"]').first().click()
    await member.waitForURL(/\/certificates\/.+/)
    await look(member)
    const serial = new URL(member.url()).pathname.split('/').at(-1) ?? ''
    const anybody = await windows.open(world.address)
    await anybody.goto('/verify')
    await look(anybody)
    await fill(anybody, 'serial', serial)
    await anybody.keyboard.press('Enter')
    await anybody.waitForURL(/\/verify\/.+/)
    await look(anybody)
    expect(await anybody.locator('main').textContent()).to.include('Mair Larkspur')

    await officer.reload()
    expect(await officer.locator('main').textContent()).to.include('Satisfied')
    await look(officer)
  })

  it('a register goes the same way without JavaScript', async function () {
    this.timeout(120_000)
    const trainer = await windows.open(world.address, { javaScriptEnabled: false })
    await signIn(trainer, 'tess@parliament.example')
    await trainer.goto('/registers')
    await trainer
      .locator('main input[type="file"]')
      .setInputFiles({ name: 'register.csv', mimeType: 'text/csv', buffer: Buffer.from(register) })
    await trainer.locator('main form button.govuk-button').first().click()
    await trainer.waitForURL(/\/registers\/.+/)
    await trainer.locator('form[action$="/confirm"] button').first().click()
    await trainer.waitForLoadState()
    await world.app.reconciler.settle()
    const manager = await windows.open(world.address, { javaScriptEnabled: false })
    await signIn(manager, 'mair@parliament.example')
    await manager.goto('/compliance?q=Wren')
    expect(await manager.locator('main tbody').textContent()).to.include('Complete')
  })
})
