// What waits for one who signs, and the way there.

/** @param {Today['todo']} todo */
const errandsOf = ({ timesheets_to_sign, requests_to_decide, exceptions_open }) => [
  { url: '/office/timesheets/index', title: '考勤表会签', count: timesheets_to_sign, hint: '派驻人员提交的月考勤表' },
  { url: '/office/requests/index', title: '请假、补签审批', count: requests_to_decide, hint: '派驻人员的申请' },
  { url: '/office/exceptions/index', title: '签到现场确认', count: exceptions_open, hint: '定位不能证明到岗的签到' },
]

Component({
  properties: { todo: { type: Object, value: /** @type {any} */ ({}) } },
  data: { errands: /** @type {ReturnType<typeof errandsOf>} */ ([]) },
  observers: {
    todo(/** @type {Today['todo']} */ todo) {
      this.setData({ errands: errandsOf(todo) })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {url: string}}}} event */
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.url })
    },
  },
})
