// A month as the paper form has it: a row a day, a column a shift, a symbol for how each stands.

const { dayLabel, weekdayLabel } = require('../../services/clock.js')

/** @type {Shift[]} */
const SHIFTS = ['morning', 'afternoon', 'night']

/** @type {Record<Shift, string>} */
const SHIFT_NAMES = { morning: '上午', afternoon: '下午', night: '夜班' }

/** @type {Record<Standing, string>} */
const TONES = {
  present: 'good',
  corrected: 'good',
  in_doubt: 'warn',
  not_counted: 'bad',
  leave: 'calm',
  night_rest: 'calm',
  not_checked_in: 'bad',
  absent: 'bad',
  open: 'open',
}

/** @param {SheetLine | undefined} line @param {Shift} shift */
function cellOf(line, shift) {
  if (!line) return { shift, symbol: '', tone: 'none', words: '' }
  const changed = line.amended ? '，已更正' : ''
  return {
    shift,
    symbol: (line.symbol || '·') + (line.amended ? '*' : ''),
    tone: TONES[line.standing],
    words: `${SHIFT_NAMES[shift]}${line.label}${changed}`,
  }
}

/** @param {SheetLine[]} lines */
function rowsOf(lines) {
  const shifts = SHIFTS.filter((shift) => lines.some((line) => line.shift === shift))
  /** @type {Map<string, SheetLine[]>} */
  const days = new Map()
  for (const line of lines) days.set(line.duty_on, [...(days.get(line.duty_on) || []), line])
  const rows = [...days].map(([day, ofDay]) => {
    const cells = shifts.map((shift) => cellOf(ofDay.find((line) => line.shift === shift), shift))
    const spoken = cells.map(({ words }) => words).filter(Boolean)
    return {
      day,
      number: Number(day.slice(8)),
      weekday: weekdayLabel(day).replace('星期', '周'),
      free: ofDay.every(({ working }) => working === false),
      cells,
      spoken: [dayLabel(day) + weekdayLabel(day), ...spoken].join('，'),
    }
  })
  return { names: shifts.map((shift) => ({ shift, name: SHIFT_NAMES[shift] })), rows }
}

Component({
  properties: {
    lines: { type: Array, value: /** @type {any[]} */ ([]) },
    legend: { type: Array, value: /** @type {any[]} */ ([]) },
    /** a day can be opened */
    opens: Boolean,
  },
  data: { names: /** @type {any[]} */ ([]), rows: /** @type {any[]} */ ([]), meanings: /** @type {any[]} */ ([]), amended: false, open: false },
  observers: {
    'lines, legend'(/** @type {SheetLine[]} */ lines, /** @type {WholeTimesheet['legend']} */ legend) {
      const used = new Set(lines.map(({ symbol }) => symbol))
      this.setData({
        ...rowsOf(lines),
        meanings: legend.filter(({ symbol }) => used.has(symbol)),
        amended: lines.some((line) => line.amended),
        open: lines.some(({ symbol }) => !symbol),
      })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {day: string}}}} event */
    open({ currentTarget }) {
      if (this.data.opens) this.triggerEvent('open', { day: currentTarget.dataset.day })
    },
  },
})
