// Plainly fictional: no person, party or place of these names sits anywhere.

const list = (words: string): readonly string[] => words.trim().split(/\s*\n\s*|\s*,\s*/)

export const firstNames = list(`
  Abena, Ada, Agnes, Aisha, Alasdair, Alun, Amara, Amrit, Anaïs, Aneirin, Angharad, Anwen, Arjun, Bethan,
  Branwen, Bryn, Callum, Carys, Catrin, Ceri, Chidi, Cillian, Dafydd, Daljit, Davina, Delyth, Dilys, Eilidh,
  Eirwen, Elen, Elif, Elin, Emeka, Emlyn, Esme, Euan, Farah, Fergus, Ffion, Fiona, Gareth, Geraint, Grace,
  Gwen, Gwilym, Hamza, Hana, Harriet, Hefin, Hollie, Huw, Ifan, Imogen, Ines, Iolo, Isla, Ivy, Jaspreet,
  Jemima, Joan, Joseph, Kamala, Kemi, Kieran, Kwame, Leila, Lewis, Llinos, Llŷr, Lowri, Mabel, Mair, Malak,
  Marged, Martha, Megan, Mehmet, Meilyr, Mina, Moira, Morag, Myfanwy, Nadia, Naomi, Nerys, Niamh, Nia, Noor,
  Olwen, Omar, Orla, Osian, Owain, Padma, Peredur, Petra, Priya, Rahul, Rhian, Rhodri, Rhun, Roisin, Rosa,
  Rowan, Ruaridh, Saoirse, Sara, Seren, Shanice, Siân, Siobhan, Sorcha, Steffan, Sunita, Tamsin, Tariq,
  Tegwen, Teleri, Thandiwe, Tomos, Una, Wanda, Winifred, Wyn, Yasmin, Ywain, Zainab, Zofia
`)

export const lastNames = list(`
  Abernethy-Vale, Adeyinka-Holt, Amberley, Appletree, Ashgrove, Ashworthy, Barleycombe, Beckwater, Bellweather,
  Birchall-Quay, Blackwater-Lane, Bramblecote, Brightwell, Bryndŵr, Calderbrook, Cartmellow, Chandrapore,
  Chaudhry-Fenn, Cloudesley, Coldharbour, Copperfold, Cranmoor, Crowmarsh, Dalgety-Moss, Dapplewood, Deepdale,
  Dhaliwal-Strand, Dovecote, Drumlithie, Eastermere, Elderflower, Evenlode, Fairweather-Oke, Farthing,
  Fellbrook, Fernhollow, Fishguard-Rhys, Foxglove, Garthowen, Glasfryn, Glenfinnock, Goldfinch, Greenhalgh-Ito,
  Gwynfryn, Hafod-Wen, Hallowell, Harebell, Harrowgate-Lin, Hartwhistle, Hawthornden, Heatherington, Hollybush,
  Honeychurch, Ibekwe-Stone, Inglenook, Ironbridge, Iwobi-Marsh, Juniper, Kestrelow, Kingfisher, Kirkbride-Ali,
  Lambourne-Shah, Larkspur, Lavenderstone, Linnet, Littlewater, Llanfair-Puw, Longmeadow, Lovelace-Khan,
  Mallowdale, Marigold, Marshwiggle, Meadowcroft, Merriweather, Millrace, Mistlethwaite, Moorhen, Mossybank,
  Nant-y-Glyn, Nettlefold-Roy, Nightingale-Osei, Northwater, Oakapple, Okonjo-Vale, Otterburn-Lee, Owlpen,
  Partridge-Mba, Pebblecombe, Penhallow, Pennyfarthing, Periwinkle, Pomfret-Singh, Primrose-Tan, Quickthorn,
  Quillfeather, Ramsbottle, Ravenscar, Redfern-Osman, Rhydderch-Lowe, Ringwood-Das, Rookhope, Rosemary-Clay,
  Rushbrook, Saltmarsh, Sandpiper, Seabrook-Iyer, Shearwater, Silverdale, Skylark, Snowdrop, Sorrel-Banerjee,
  Southernwood, Sparrowhawk, Springwell, Starling, Stillwater, Stonechat, Summerfield, Swallowtail, Sweetbriar,
  Sycamore, Tarn-Rashid, Teasel, Thistledown, Thornberry, Thrushcross, Tidewater, Treharne-Wei, Tŷ-Gwyn,
  Underhill-Rao, Velvetleaf, Wagtail, Waterhouse-Ode, Weatherby-Nkemelu, Wellspring, Westermain, Wheatear,
  Whinchat, Whitethorn, Willowherb, Windermoor, Winterbourne-Ly, Wolds-Petrov, Woodlark, Wren-Abara, Yarrow,
  Yellowhammer, Ynyswen, Zephyr-Cole
`)

export interface Party {
  name: string
  share: number
  /** Its Members do not take their seats. */
  abstains?: true
}

export const parties: readonly Party[] = [
  { name: 'Lantern Party', share: 0.46 },
  { name: 'Harvest Alliance', share: 0.29 },
  { name: 'Compass Democrats', share: 0.13 },
  { name: 'Hearth Party', share: 0.07 },
  { name: 'Tidal Greens', share: 0.03 },
  { name: 'Far Shore', share: 0.02, abstains: true },
]

const places = list(`
  Alderwick, Amblesea, Barrowmere, Bellhaven, Blythmoor, Caerwen, Calderfoot, Castlewynd, Cloverdale, Cwmarian,
  Dunmarrow, Eastwater, Elmsgate, Fallowfield-on-Sea, Fennbridge, Glasmorfa, Glenarrow, Greywell, Harrowmoor,
  Heronsgate, Inverlarrick, Kestrelby, Kingsferry, Lamberholt, Larkhaven, Llanwennol, Lochmarrow, Marlwick,
  Merecastle, Millbeck, Netherwold, Northmarch, Oakhampstead, Ottermouth, Pennarth, Porthwen, Quarrybank,
  Ravensholme, Rushmere, Saltersgate, Silverstrand, Stonehaven Cross, Swanbrook, Thornwater, Tidewell,
  Trefelyn, Ulverscombe, Wensleigh, Westerby, Winterfold, Wrenford, Ynysgoed
`)
const sides = [
  '',
  'North',
  'South',
  'East',
  'West',
  'Central',
  'Upper',
  'Lower',
  'Great',
  'Little',
  'Mid',
  'Outer',
  'New',
]

/** Constituencies, each once: a place and which side of it. */
export const constituencies: readonly string[] = sides.flatMap((side) =>
  places.map((place) => (side ? `${side} ${place}` : place)),
)

/** Departments of both Houses, each with those inside it. */
export const departments: readonly {
  house: 'commons' | 'lords' | 'both'
  name: string
  teams: readonly string[]
}[] = [
  {
    house: 'commons',
    name: 'Commons Chamber and Participation',
    teams: [
      'Journal Office',
      'Table Office',
      'Public Bill Office',
      'Select Committees',
      'Visitor Services',
      'Education and Outreach',
    ],
  },
  {
    house: 'commons',
    name: 'Commons Research and Information',
    teams: ['Library', 'Research Briefings', 'Hansard', 'Enquiries'],
  },
  {
    house: 'commons',
    name: 'Commons Governance Office',
    teams: ['Members’ Services', 'Communications', 'Internal Audit'],
  },
  {
    house: 'commons',
    name: 'Commons Catering and Retail',
    teams: ['Kitchens', 'Banqueting', 'Cafeterias', 'Gift Shop'],
  },
  {
    house: 'lords',
    name: 'Lords Legislation Office',
    teams: ['Legislation', 'Committee Office', 'Overseas Office'],
  },
  { house: 'lords', name: 'Lords Library and Hansard', teams: ['Lords Library', 'Lords Hansard'] },
  {
    house: 'lords',
    name: 'Black Rod’s Department',
    teams: ['Doorkeepers', 'Ceremonial', 'Access'],
  },
  {
    house: 'lords',
    name: 'Lords Facilities',
    teams: ['Lords Catering', 'Housekeeping', 'Works Liaison'],
  },
  {
    house: 'both',
    name: 'Parliamentary Security',
    teams: ['Search and Screening', 'Control Room', 'Pass Office'],
  },
  {
    house: 'both',
    name: 'Parliamentary Digital Service',
    teams: ['Service Desk', 'Networks', 'Applications', 'Cyber Security'],
  },
  {
    house: 'both',
    name: 'Estates and Maintenance',
    teams: ['Heritage', 'Mechanical', 'Grounds', 'Projects'],
  },
  {
    house: 'both',
    name: 'Human Resources',
    teams: ['Recruitment', 'Learning and Development', 'Pay and Pensions'],
  },
]

export const posts = [
  'Caseworker',
  'Parliamentary Assistant',
  'Researcher',
  'Diary Secretary',
  'Communications Officer',
  'Senior Caseworker',
]
export const houseGrades = [
  'Officer',
  'Senior Officer',
  'Assistant',
  'Specialist',
  'Coordinator',
  'Clerk',
]
