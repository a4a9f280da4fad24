import { expect } from 'chai'
import type { Document } from 'mongodb'
import { testServer, useDatabase } from '../../support/database.js'

/** What MongoDB 7.0's manual lists and the embedded database has not got, every one by name. */
const commands = `applyOps authenticate autoCompact balancerStart bulkWrite cloneCollectionAsCapped
  collMod collStats compact connPoolStats convertToCapped createRole createUser currentOp dataSize dbHash
  driverOIDTest dropAllUsersFromDatabase dropConnections dropUser eval explain features filemd5 fsync
  fsyncUnlock geoNear geoSearch getAuditConfig getCmdLineOpts getDefaultRWConcern getLog getnonce
  getParameter getShardMap grantRolesToUser group hostInfo killAllSessions killOp listCommands lockInfo
  logApplicationMessage logRotate mapReduce netstat parallelCollectionScan planCacheClear profile
  reIndex refreshSessions renameCollection replSetGetStatus resetError rolesInfo rotateCertificates
  saslStart serverStatus setFeatureCompatibilityVersion setParameter shardCollection shutdown
  startSession top usersInfo validate whatsmyuri abortTransaction commitTransaction`

const stages = `$addFields $bucket $bucketAuto $changeStream $collStats $currentOp $densify $documents $facet
  $fill $geoNear $graphLookup $indexStats $listLocalSessions $listSearchIndexes $listSessions
  $lookup $merge $out $planCacheStats $redact $replaceRoot $replaceWith $sample $search
  $searchMeta $set $setWindowFields $sortByCount $unionWith $unset $unwind $vectorSearch`

const queryOperators = `$all $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $geoIntersects $geoWithin
  $mod $near $nearSphere $options $regex $uniqueDocs $maxDistance $size $type $within`
const topOperators = '$expr $where $text $jsonSchema $sampleRate $alwaysTrue'

const expressions = `$abs $accumulator $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt
  $arrayToObject $asin $asinh $atan $atan2 $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor
  $bsonSize $ceil $cmp $concat $concatArrays $cond $convert $cos $cosh $dateAdd $dateDiff
  $dateFromParts $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth
  $dayOfWeek $dayOfYear $degreesToRadians $divide $eq $exp $filter $first $firstN $floor $function
  $getField $gt $gte $hour $ifNull $in $indexOfArray $indexOfBytes $indexOfCP $isArray $isNumber
  $isoDayOfWeek $isoWeek $isoWeekYear $last $lastN $let $literal $ln $log $log10 $lt $lte $ltrim
  $map $max $maxN $median $mergeObjects $millisecond $min $minN $minute $mod $month $multiply $ne
  $not $objectToArray $or $percentile $pow $radiansToDegrees $rand $range $reduce $regexFind
  $regexFindAll $regexMatch $replaceAll $replaceOne $reverseArray $round $rtrim $sampleRate
  $second $setDifference $setEquals $setField $setIntersection $setIsSubset $setUnion $sin $sinh
  $size $slice $sortArray $split $sqrt $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp
  $substr $substrBytes $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal
  $toDouble $toHashedIndexKey $toInt $toLong $toLower $toObjectId $toString $toUpper $trim $trunc
  $tsIncrement $tsSecond $type $unsetField $week $year $zip`

const accumulators = `$accumulator $addToSet $avg $bottom $bottomN $count $covariancePop $firstN $lastN $maxN $median $mergeObjects
  $minN $percentile $push $stdDevPop $stdDevSamp $top $topN`

const options: readonly (readonly [of: string, command: Document])[] = [
  ['insert', { insert: 'c', documents: [{}], bypassDocumentValidation: true }],
  ['update', { update: 'c', updates: [{ q: {}, u: {} }], let: {} }],
  ['update, of one', { update: 'c', updates: [{ q: {}, u: {}, collation: {} }] }],
  ['update, of one, an index', { update: 'c', updates: [{ q: {}, u: {}, hint: 'x' }] }],
  ['delete', { delete: 'c', deletes: [{ q: {}, limit: 0 }], let: {} }],
  ['delete, of one', { delete: 'c', deletes: [{ q: {}, limit: 0, collation: {} }] }],
  ['findAndModify', { findAndModify: 'c', update: {}, collation: {} }],
  ['find', { find: 'c', collation: {} }],
  ['find, a range of an index', { find: 'c', min: { a: 1 } }],
  ['find, records', { find: 'c', showRecordId: true }],
  ['find, waiting', { find: 'c', awaitData: true }],
  ['find, partial results', { find: 'c', allowPartialResults: true }],
  ['getMore', { getMore: 1n, collection: 'c', term: 1 }],
  ['killCursors', { killCursors: 'c', cursors: [1n], nonsense: 1 }],
  ['aggregate', { aggregate: 'c', pipeline: [], cursor: {}, explain: true }],
  ['aggregate, its cursor', { aggregate: 'c', pipeline: [], cursor: { nonsense: 1 } }],
  ['aggregate, an index', { aggregate: 'c', pipeline: [], cursor: {}, hint: 'x' }],
  ['count', { count: 'c', hint: 'x' }],
  ['distinct', { distinct: 'c', key: 'a', collation: {} }],
  ['create', { create: 'd', validator: {} }],
  ['create, time series', { create: 'd', timeseries: { timeField: 'a' } }],
  ['drop', { drop: 'd', nonsense: 1 }],
  [
    'createIndexes',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }], commitQuorum: 1 },
  ],
  ['listIndexes', { listIndexes: 'c', nonsense: 1 }],
  ['listIndexes, its cursor', { listIndexes: 'c', cursor: { nonsense: 1 } }],
  ['dropIndexes', { dropIndexes: 'c', index: 'x', nonsense: 1 }],
  ['listCollections', { listCollections: 1, nonsense: 1 }],
  ['dbStats', { dbStats: 1, scale: 1024 }],
  ['ping', { ping: 1, nonsense: 1 }],
]

const words = (text: string): string[] => text.split(/\s+/)

describe('of all that MongoDB has, what is not here is refused by name', () => {
  const test = useDatabase()
  before(async function () {
    if (!(await testServer()).embedded) this.skip()
    await test.db.collection('c').insertOne({ a: 1 })
  })

  const refusedAs = async (command: Document): Promise<Document> => {
    try {
      const reply = await test.db.command(command)
      const [first] = (reply['writeErrors'] as Document[] | undefined) ?? []
      return first ? { code: first['code'] as number, message: first['errmsg'] as string } : reply
    } catch (error) {
      return error as Document
    }
  }
  const refusedWith = async (name: string, command: Document, code: number): Promise<void> => {
    const refused = await refusedAs(command)
    expect(refused['code'], name).to.equal(code)
    expect(refused['message'], name).to.include(name)
  }
  const aggregate = (stage: Document): Document => ({
    aggregate: 'c',
    pipeline: [stage],
    cursor: {},
  })

  it('commands, as CommandNotFound', async () => {
    for (const name of words(commands)) await refusedWith(name, { [name]: 1 }, 59)
  })
  it('stages, as 40324', async () => {
    for (const name of words(stages)) await refusedWith(name, aggregate({ [name]: {} }), 40324)
  })
  it('operators of a query, as BadValue', async () => {
    for (const name of words(queryOperators)) {
      await refusedWith(name, { find: 'c', filter: { a: { [name]: 1 } } }, 2)
      await refusedWith(name, { delete: 'c', deletes: [{ q: { a: { [name]: 1 } }, limit: 0 }] }, 2)
    }
    for (const name of words(topOperators)) {
      await refusedWith(name, { find: 'c', filter: { [name]: {} } }, 2)
    }
  })
  it('expressions, as InvalidPipelineOperator', async () => {
    for (const name of words(expressions)) {
      await refusedWith(name, aggregate({ $group: { _id: { [name]: ['$a'] } } }), 168)
    }
  })
  it('accumulators, as 15952', async () => {
    for (const name of words(accumulators)) {
      await refusedWith(name, aggregate({ $group: { _id: null, x: { [name]: '$a' } } }), 15952)
    }
  })
  it('update operators, as FailedToParse', async () => {
    for (const name of ['$bit', '$pop', '$pushAll', '$isolated', '$v', '$diff', '$unknown']) {
      const updates = [{ q: {}, u: { [name]: { a: 1 } } }]
      await refusedWith(name, { update: 'c', updates }, 9)
    }
  })
  for (const [of, command] of options) {
    it(`options of ${of}, as 40415`, async () => {
      expect((await refusedAs(command))['code']).to.equal(40415)
    })
  }
  it('an unknown part of a write concern, as FailedToParse', async () => {
    const command = { insert: 'c', documents: [{}], writeConcern: { nonsense: 1 } }
    await refusedWith('nonsense', command, 9)
  })
  it('and nothing was written by any of these', async () => {
    expect(await test.db.collection('c').find().project({ _id: 0 }).toArray()).to.deep.equal([
      { a: 1 },
    ])
    const names = (await test.db.listCollections().toArray()).map(({ name }) => name)
    expect(names).to.deep.equal(['c'])
  })
})
