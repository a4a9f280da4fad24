import { existsSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { followCourses } from '../../../src/cli/follow-courses.js'
import type { Catalogue } from '../../../src/courses/courses.js'
import { courseFolder } from '../../support/course-folder.js'

describe('an author who keeps the server running', () => {
  it('sees what was written without starting it again, once for several files', async function () {
    this.timeout(60_000)
    const folder = courseFolder()
    const seen: Catalogue[] = []
    const keptIn = `${folder.root}.kept`
    const stop = followCourses(folder.root, (catalogue) => seen.push(catalogue), keptIn)
    const until = async (count: number) => {
      for (let tries = 0; tries < 600 && seen.length < count; tries++) await wait(50)
    }
    try {
      const en = 'test-course/modules/01-pages/en.md'
      folder.replace(en, 'A moment', 'A minute')
      folder.replace('test-course/course.yaml', "version: '7'", "version: '8'")
      await until(1)
      expect(seen).to.have.lengthOf(1)
      const version = seen[0]!.courses.get('test-course')
      expect(version?.label).to.equal('8')
      expect(JSON.stringify(version?.pages)).to.include('A minute')
      folder.replace(en, '# The law {#law}', '# The law')
      await until(2)
      expect(existsSync(keptIn)).to.equal(true)
      expect(seen[1]!.courses.size).to.equal(0)
      expect(seen[1]!.faults.map(({ file }) => file)).to.include(en)
    } finally {
      stop()
      folder.dispose()
      rmSync(keptIn, { force: true })
    }
  })
})
