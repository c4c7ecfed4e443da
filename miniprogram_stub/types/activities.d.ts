// Records of activities (工作日志) as the API gives them, and as they lie on the phone until the server has them.

interface Amount {
  value: number | null
  at_least: boolean
  about: boolean
  label: string
}

interface Finding {
  code: string
  text: string
}

type RecordStatus = 'draft' | 'submitted' | 'returned' | 'countersigned' | 'superseded' | 'discarded' | 'imported' | 'withdrawn'
type Proof = 'photo' | 'sign_in_sheet' | 'material' | 'other'

/** What a field holds; one that a newer server invents is typed as a line of text. */
type FieldKind = 'text' | 'long_text' | 'count' | 'hours' | 'choice' | 'day' | 'icd_10'

interface KindField {
  name: string
  label: string
  kind: FieldKind
  required: boolean
  maximum: number
  unit: string
  choices: { value: string; label: string }[]
  clinical: boolean
  remembered: boolean
  hint: string
}

interface ProofName {
  proof: Proof
  label: string
}

interface KindEntry {
  kind: string
  label: string
  unit: string
  quantity: string[]
  person_times: string
  title: string
  proofs: ProofName[]
  fields: KindField[]
}

interface KindTable {
  groups: { group: string; label: string; kinds: KindEntry[] }[]
  proofs: ProofName[]
}

type FieldValues = Record<string, string | number | null>

interface LastValues {
  fields: FieldValues
  dispatch_id: string | null
}

interface ActivityCard {
  id: string
  kind: string
  kind_label: string
  title: string
  occurred_on: string
  weekday_label: string
  person: Named
  recipient: Named
  supporting: Named
  quantity: Amount
  person_times: Amount | null
  status: RecordStatus
  status_label: string
  is_late: boolean
  edition: number
  files: number
  thin: number
  held: Finding | null
  return_reason: string
  version: number
}

/** A record that waits for a countersignature; what makes it odd is looked at by itself. */
interface WaitingActivity extends ActivityCard {
  presence: Activity['presence']
  odd: Finding[]
}

interface ActivityFile {
  attachment_id: string
  proof: Proof
  proof_label: string
  filename: string
  content_type: Attachment['content_type']
  size: number
  picture: boolean
  check: 'passed' | 'waiting' | 'refused' | 'exempt'
  check_label: string
  findings: Finding[]
}

interface Activity extends Omit<ActivityCard, 'files' | 'thin'> {
  series_id: string
  dispatch_id: string | null
  department: Named | null
  fields: FieldValues
  lines: { label: string; value: string }[]
  files: ActivityFile[]
  presence: { code: 'present' | 'absent' | 'leave' | 'open' | 'unknown'; label: string }
  thin: Finding[]
  warnings: (Finding & { field: string })[]
  returned_at: string | null
  countersigned: null | { by: string; as_label: string; at: string }
  source: string
  editions: { id: string; edition: number; status_label: string; countersigned_at: string | null }[]
  may: Record<'edit' | 'submit' | 'recall' | 'discard' | 'amend' | 'countersign' | 'return', boolean>
  created_at: string
  submitted_at: string | null
}

interface ActivityWeek {
  week: string
  label: string
  days_present: number
  records: number
  missing: Finding[]
  thin: { record_id: string; kind_label: string; occurred_on: string; findings: Finding[] }[]
}

/** What the server takes of a record that is written or mended. */
interface RecordContent {
  occurred_on: string
  department_id?: string
  fields: FieldValues
  files: { attachment_id: string; proof: Proof }[]
}

/** A file that proves a record, as it lies on the phone; `id` is the server's once it has it. */
interface KeptFile {
  key: string
  path: string
  name: string
  proof: Proof
  picture: boolean
  id: string
  state: 'kept' | 'sent' | 'refused'
  problem: string
}

/** A record as it lies on the phone until the server has what was written. */
interface KeptRecord {
  key: string
  /** whose it is; another's phone number in this WeChat sends nothing of theirs */
  personId: string
  /** the server's, '' until it has the draft */
  id: string
  version: number
  kind: string
  kindLabel: string
  occurredOn: string
  dispatchId: string
  departmentId: string
  recipient: string
  fields: FieldValues
  files: KeptFile[]
  /** open: somebody writes it; waiting: for the network; warned, refused: for its author */
  state: 'open' | 'waiting' | 'warned' | 'refused'
  handIn: boolean
  /** what the text says of patients was seen, and it is to be handed in all the same */
  seen: boolean
  warnings: (Finding & { field: string })[]
  problem: string
  fieldProblems: Record<string, string>
  /** what was sent first under the key, while its answer may have been lost */
  first: (RecordContent & { kind: string; dispatch_id?: string }) | null
  /** what the server has of it, as text */
  written: string
  /** its files were sent once more, since the server had them no longer */
  resent: boolean
}
