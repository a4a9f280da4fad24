import { expect } from 'chai'
import { createConductWorld } from '../support/cast.js'
import { createWindows, expectAccessible, signIn, type Windows } from '../support/browser.js'
import type { World } from '../support/world.js'

describe('outcomes in a browser', function () {
  this.timeout(120_000)
  let world: World
  let windows: Windows

  before(async () => {
    world = await createConductWorld()
    windows = await createWindows()
  })
  after(async () => {
    await windows.close()
    await world.close()
  })

  it('are recorded and read on a phone by everybody, and a fault is reached from its summary', async () => {
    const officer = await windows.open(world.address, { width: 390 })
    await signIn(officer, 'olive@example.org')
    await officer.goto('/outcomes/new')
    await expectAccessible(officer)
    await officer.getByLabel('Your case reference').fill('CC/2026/9')
    await officer.getByLabel('Whom it concerns').fill('Mair Larkspur')
    await officer.getByRole('button', { name: 'Record the outcome' }).click()
    // A name is a likeness: whom it means is for the officer to say.
    await officer.getByRole('radio', { name: /Mair Larkspur/ }).check()
    await expectAccessible(officer)
    await officer.locator('#decidedOn').fill('2026-03-01')
    await officer.locator('#dueOn').fill('2026-06-01')
    await officer.locator('#delivery-online').check()
    await officer.getByRole('button', { name: 'Record the outcome' }).click()
    await officer.getByRole('heading', { name: 'Mair Larkspur' }).waitFor()
    await officer.locator('#extend summary').click()
    await officer.locator('#extend-dueOn').fill('2026-05-01')
    await officer.locator('#extend button').click()
    await officer.getByRole('link', { name: /not later/ }).click()
    const focused = '#extend-dueOn:focus'
    expect(await officer.locator(focused).count(), 'the field of the fault has the focus').to.equal(
      1,
    )
    await expectAccessible(officer)

    const respondent = await windows.open(world.address, { width: 390, locale: 'cy' })
    await signIn(respondent, 'mair@parliament.example')
    await respondent.goto('/private')
    await expectAccessible(respondent)
    await respondent.locator('main ul a').first().click()
    await respondent.getByRole('heading', { level: 1 }).waitFor()
    await expectAccessible(respondent)
  })
})
