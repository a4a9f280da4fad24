import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import serverless from '@sparticuz/chromium'
import { expect } from 'chai'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { compile, NodePackageImporter } from 'sass'
import { password } from './world.js'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * The browser of this machine, or the one that the environment names (`CHROMIUM`); on a machine that
 * has none, the one that comes as a package. It is told to reach nothing but this machine.
 */
async function launch(): Promise<Browser> {
  const own = [process.env['CHROMIUM'] ?? '', ...installed].find(
    (path) => path !== '' && existsSync(path),
  )
  return chromium.launch({
    executablePath: own ?? (await serverless.executablePath()),
    args: [
      // In one process, as it is packed to run, closing one of two windows ends the browser.
      ...(own ? [] : serverless.args.filter((one) => one !== '--single-process')),
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
}

export interface Opening {
  javaScriptEnabled?: boolean
  /** CSS pixels; 1280 unless told. */
  width?: number
  locale?: 'en-GB' | 'cy'
  colorScheme?: 'light' | 'dark'
}

/** A real browser on a world, for the journeys where the page itself matters. */
export interface Windows {
  /** A window with its own cookies. Nothing but this machine is reached from it. */
  open(address: string, options?: Opening): Promise<Page>
  close(): Promise<void>
}

let styled = false

/** The style sheet as `npm run build` makes it: without it a page looks like nothing that people see. */
function buildStyle(): void {
  if (styled) return
  const importers = [new NodePackageImporter()]
  const { css } = compile('views/style/app.scss', { importers, style: 'compressed' })
  mkdirSync('dist/public', { recursive: true })
  // A server of the test file that runs beside this one may be reading it.
  const whole = `dist/public/app.css.${process.pid}`
  writeFileSync(whole, css)
  renameSync(whole, 'dist/public/app.css')
  styled = true
}

export async function createWindows(): Promise<Windows> {
  buildStyle()
  const browser = await launch()
  const contexts: BrowserContext[] = []
  return {
    async open(address, { width = 1280, locale = 'en-GB', ...options } = {}) {
      const context = await browser.newContext({
        ...options,
        locale,
        baseURL: address,
        viewport: { width, height: 900 },
      })
      contexts.push(context)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      return page
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
    },
  }
}

/** Signs in with an account that a world has made. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel(/e-mail|e-bost/i).fill(email)
  await page.locator('#password').fill(password)
  await page.locator('#password').press('Enter')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails where a page breaks WCAG 2.2 AA as far as axe can tell, or is wider than the window. */
export async function expectAccessible(page: Page): Promise<void> {
  // What stays in view while a page is scrolled lies over whatever happens to be under it.
  await page.evaluate('scrollTo(0, 0)')
  // GOV.UK's pattern has the back link and the link to exit before the main landmark: no region.
  // No page has frames, so axe need not open a second page to put the findings of several together.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .withTags(standards)
    .disableRules(['region'])
    .analyze()
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target }) => target.join(' ')),
  }))
  expect(found, page.url()).to.deep.equal([])
  const [content, width] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  expect(content, `${page.url()} is wider than the window`).to.be.at.most(width)
}
