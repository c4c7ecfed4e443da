// My bank account: the server tells the masked number alone, and the phone never keeps a whole one.

const { request } = require('./request.js')
const { oneLine, plain } = require('./typing.js')

/** @returns {Promise<BankAccount | null>} */
const fetchAccount = () => request({ path: '/me/bank-account' })

/** @param {{bank: string, number: string, version?: number}} account @returns {Promise<BankAccount>} */
const changeAccount = ({ bank, number, ...rest }) =>
  request({ method: 'PUT', path: '/me/bank-account', body: { ...rest, bank: oneLine(bank), number: plain(number) } })

module.exports = { fetchAccount, changeAccount }
