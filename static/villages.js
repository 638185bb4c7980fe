// j and k: on the desk from row to row, on a village's page to the next and the one before, where
// the arrows do it too. Whoever talks to their computer can turn the keys off; that is remembered.
(() => {
  const OFF = 'villages-keys-off'
  const STEPS = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 }
  const note = document.querySelector('[data-keys]')
  const rows = [...document.querySelectorAll('[data-row]')]
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'plain'

  const off = () => localStorage.getItem(OFF) === 'yes'

  const tell = () => {
    button.textContent = off() ? note.dataset.on : note.dataset.off
    note.classList.toggle('off', off())
  }

  const step = (by) => {
    const here = rows.indexOf(document.activeElement)
    const first = by > 0 ? 0 : rows.length - 1
    const next = rows.length
      ? rows[here < 0 ? first : here + by]
      : document.querySelector(by > 0 ? 'main a[rel=next]' : 'main a[rel=prev]')
    if (!next) return
    if (!rows.length) {
      next.click()
      return
    }
    next.focus()
    next.closest('tr').scrollIntoView({ block: 'nearest' })
  }

  const isMeant = (event) => {
    const arrow = event.key.startsWith('Arrow')
    const taken = 'input, select, textarea, summary' + (arrow ? ', .scroll' : '')
    const chord = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey
    return event.key in STEPS && !chord && !event.target.closest(taken) && !(arrow && rows.length)
  }

  if (!note) return
  note.hidden = false
  note.append(' ', button)
  tell()
  button.addEventListener('click', () => {
    localStorage.setItem(OFF, off() ? 'no' : 'yes')
    tell()
  })
  document.addEventListener('keydown', (event) => {
    if (off() || !isMeant(event)) return
    event.preventDefault()
    step(STEPS[event.key])
  })
})()
