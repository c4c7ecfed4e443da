// The files that prove a record: taken, picked, each sent by itself as soon as it can be, removed.

const { asFailure } = require('../../../services/errors.js')
const { addPapers, addPhotos, sendFile, MOST_FILES } = require('../../../services/proof_files.js')

/** @type {ProofName[]} what is offered where a kind asks for none */
const ANY = [{ proof: 'photo', label: '现场照片' }]

/** @type {Record<KeptFile['state'], string>} */
const STATES = { kept: '↑ 保存在手机里，等待上传', sent: '✓ 已上传', refused: '✕ 不能上传' }

Component({
  properties: {
    files: { type: Array, value: /** @type {KeptFile[]} */ ([]) },
    /** what this kind of record should show */
    wanted: { type: Array, value: /** @type {ProofName[]} */ ([]) },
    /** every word there is for a file */
    proofs: { type: Array, value: /** @type {ProofName[]} */ ([]) },
  },
  data: { lines: /** @type {any[]} */ ([]), buttons: ANY, full: false, sending: '', trouble: '' },
  observers: {
    'files, proofs'(/** @type {KeptFile[]} */ files, /** @type {ProofName[]} */ proofs) {
      const { sending } = this.data
      this.setData({
        full: files.length >= MOST_FILES,
        lines: files.map((file, index) => ({
          ...file,
          number: index + 1,
          label: (proofs.find(({ proof }) => proof === file.proof) || { label: '' }).label,
          word: sending === file.key ? '正在上传…' : STATES[file.state],
        })),
      })
      this.send()
    },
    wanted(/** @type {ProofName[]} */ wanted) {
      this.setData({ buttons: wanted.length ? wanted : ANY })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {proof: Proof}}}} event */
    async take({ currentTarget }) {
      this.add(await addPhotos(MOST_FILES - this.data.files.length, currentTarget.dataset.proof))
    },

    async pick() {
      const { proofs, files } = this.data
      const { tapIndex } = await wx.showActionSheet({ alertText: '这个文件是什么？', itemList: proofs.map(({ label }) => label) }).catch(() => ({ tapIndex: -1 }))
      if (tapIndex >= 0) this.add(await addPapers(MOST_FILES - files.length, proofs[tapIndex].proof))
    },

    /** @param {KeptFile[]} files */
    add(files) {
      this.setData({ trouble: '' })
      if (files.length) this.triggerEvent('add', { files })
    },

    /** One after the other, so that a bad network costs one and not all; what fails waits to be sent with the record. */
    async send() {
      const file = this.data.files.find(({ state }) => state === 'kept')
      if (!file || this.data.sending || this.data.trouble) return
      this.setData({ sending: file.key })
      this.draw()
      const values = await this.attempt(file)
      this.setData({ sending: '' })
      if (values) this.triggerEvent('change', { key: file.key, values })
      else this.draw()
    },

    /** @param {KeptFile} file @returns {Promise<Partial<KeptFile> | null>} null where it is not decided */
    async attempt(file) {
      try {
        return { id: await sendFile(file), state: 'sent', problem: '' }
      } catch (error) {
        const { code, passing, message } = asFailure(error)
        if (!passing || code === 'file_gone') return { state: 'refused', problem: message }
        this.setData({ trouble: code === 'no_network' ? '现在没有网络。' : message })
        return null
      }
    },

    draw() {
      const { lines, sending } = this.data
      this.setData({ lines: lines.map((line) => ({ ...line, word: line.key === sending ? '正在上传…' : STATES[/** @type {KeptFile['state']} */ (line.state)] })) })
    },

    again() {
      this.setData({ trouble: '' })
      this.send()
    },

    /** @param {{currentTarget: {dataset: {key: string}}}} event */
    remove({ currentTarget }) {
      this.triggerEvent('remove', { key: currentTarget.dataset.key })
    },
  },
})
