// What one looks for, as pickers have it: the first of each list means "any".

const { dayWords, expertWords, siteWords } = require('../../services/clinic_words.js')

/** @type {ClinicWish} */
const ANYTHING = { day: '', siteId: '', department: '', expert: '', onlyFree: false }

/** @typedef {'day' | 'siteId' | 'department' | 'expert'} Sort */

/** @param {ClinicFilters} filters */
function choicesOf({ days, sites, departments, experts }) {
  return /** @type {{sort: Sort, label: string, options: {value: string, name: string}[]}[]} */ ([
    { sort: 'day', label: '哪一天', options: [{ value: '', name: '哪天都行' }, ...days.map((day) => ({ value: day, name: dayWords(day) }))] },
    {
      sort: 'siteId',
      label: '在哪里看',
      options: [{ value: '', name: '哪里都行' }, ...sites.map((site) => ({ value: site.id, name: siteWords(/** @type {any} */ (site)) }))],
    },
    {
      sort: 'department',
      label: '看哪一科',
      options: [{ value: '', name: '各科都看' }, ...departments.map((name) => ({ value: name, name }))],
    },
    {
      sort: 'expert',
      label: '看哪位专家',
      options: [
        { value: '', name: '各位专家' },
        ...experts.map((expert) => ({ value: expert.name, name: expertWords({ ...expert, hospital: '' }) })),
      ],
    },
  ])
}

/** Each picker with what is chosen in it. @param {ReturnType<typeof choicesOf>} choices @param {ClinicWish} wish */
function choicesShown(choices, wish) {
  return choices.map((choice) => {
    const index = Math.max(0, choice.options.findIndex(({ value }) => value === wish[choice.sort]))
    return { ...choice, index, chosen: choice.options[index].name }
  })
}

/** What is looked for in words; '' for anything. @param {ReturnType<typeof choicesOf>} choices @param {ClinicWish} wish */
function wishWords(choices, wish) {
  const chosen = choicesShown(choices, wish).filter(({ index }) => index > 0)
  return [...chosen.map((choice) => choice.chosen), wish.onlyFree ? '还有号的' : ''].filter(Boolean).join('、')
}

module.exports = { ANYTHING, choicesOf, choicesShown, wishWords }
