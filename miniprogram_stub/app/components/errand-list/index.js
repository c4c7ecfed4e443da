// What waits for one who signs, approves, keeps a desk or closes clinics, and the way there.

/** @type {Record<string, string[]>} what each role has to do here */
const BY_ROLE = {
  director: ['sign', 'log', 'decide', 'confirm', 'evaluations', 'clinics'],
  delegate: ['sign', 'log', 'decide', 'confirm', 'evaluations'],
  desk: ['calls', 'clinics'],
  duty: ['calls', 'clinics'],
  medical_affairs: ['calls', 'clinics', 'claims', 'evaluations'],
  finance: ['claims'],
  dean: ['claims', 'evaluations'],
  bureau: ['evaluations'],
}

/**
 * @param {Today['todo']} todo
 * @returns {Record<string, {url: string, title: string, count: number, hint: string, none: string}>}
 */
const errandsOf = ({ timesheets_to_sign, requests_to_decide, exceptions_open, clinics_today, closures_to_call, activities_to_sign, claims_to_approve, evaluations_waiting }) => ({
  sign: { url: '/office/timesheets/index', title: '考勤表会签', count: timesheets_to_sign, hint: '派驻人员提交的月考勤表', none: '没有待办' },
  log: { url: '/office/activities/index', title: '工作日志会签', count: activities_to_sign, hint: '讲座、查房、手术等记录', none: '没有待办' },
  decide: { url: '/office/requests/index', title: '请假、补签审批', count: requests_to_decide, hint: '派驻人员的申请', none: '没有待办' },
  confirm: { url: '/office/exceptions/index', title: '签到现场确认', count: exceptions_open, hint: '定位不能证明到岗的签到', none: '没有待办' },
  clinics: { url: '/office/clinics/index', title: '专家门诊', count: clinics_today, hint: '今天和以后的门诊，停诊', none: '今天没有' },
  calls: { url: '/office/clinics/index', title: '停诊电话通知', count: closures_to_call, hint: '没有通知到的患者', none: '没有待办' },
  evaluations: { url: '/office/evaluations/index', title: '派驻鉴定', count: evaluations_waiting, hint: '轮到您填写意见的鉴定', none: '没有待办' },
  claims: { url: '/office/claims/index', title: '补贴审批', count: claims_to_approve, hint: '轮到您审批的下乡补贴', none: '没有待办' },
})

Component({
  properties: { todo: { type: Object, value: /** @type {any} */ ({}) }, role: String },
  data: { errands: /** @type {ReturnType<typeof errandsOf>[string][]} */ ([]) },
  observers: {
    'todo, role'(/** @type {Today['todo']} */ todo, /** @type {string} */ role) {
      const errands = errandsOf(todo)
      const { closures_to_call } = todo
      // Calling is the desk's; somebody else is named for it now and then.
      const asked = (BY_ROLE[role] || []).filter((name) => name !== 'calls' || role === 'desk' || closures_to_call)
      this.setData({ errands: asked.map((name) => errands[name]) })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {url: string}}}} event */
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.url })
    },
  },
})
