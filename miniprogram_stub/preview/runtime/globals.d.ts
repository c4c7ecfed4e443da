// What the runtime puts on, or finds on, the browser's window.
declare const wx: any

interface Window {
  wx: any
  __previewProject: any
  __previewScripts: any
  __previewTemplates: any
  __previewBuiltIns: any
  __preview: any
}

interface Element {
  __wxElement?: any
}
