/* What is read out with a field. Streamlit draws a question, its help and its error side by side, and ties none of them together. */
function attribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function tie() {
  for (const [name, { needed, wrong }] of Object.entries(page.tied ?? {})) {
    const box = boxOf(name);
    const control = box?.querySelector(GIVEN.markup.control);
    if (!control) continue;
    const said = [...box.parentElement.children].filter((sibling) => sibling.querySelector(GIVEN.markup.said));
    said.forEach((sibling, number) => { sibling.id = `${name}-said-${number}`; });
    attribute(control, 'aria-describedby', said.map((sibling) => sibling.id).join(' '));
    if (control.tagName === 'BUTTON') continue; /* it can be neither needed nor wrong */
    attribute(control, 'aria-required', needed ? 'true' : '');
    attribute(control, 'aria-invalid', wrong ? 'true' : '');
  }
}

/* The page draws a field after the server has said what to tie to it, and may draw it anew at any time: so all is tied again whenever the page changes. */
function keepTied(data) {
  page.tied = data.tied;
  tie();
  if (page.tying) return;
  page.tying = new MutationObserver(() => {
    window.cancelAnimationFrame(page.soon);
    page.soon = window.requestAnimationFrame(tie);
  });
  page.tying.observe(document.body, { childList: true, subtree: true });
}
