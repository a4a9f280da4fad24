// Every page works without this; it only makes components nicer to use.
import { initAll } from '/assets/govuk-frontend.min.js'

initAll()
