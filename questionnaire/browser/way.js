/* The way: a press on a step in the list of steps leads there without loading the page anew, and the navigation marks the wizard on its steps. */
function goTo(event) {
  const link = event.target.closest?.('a[data-step]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault(); /* while the server is gone, to load the page anew would lose it */
  if (isConnected(document.querySelector(GIVEN.markup.app))) page.want('wanted', link.dataset.step);
}

function mark() {
  const entry = document.querySelector(GIVEN.markup.entries);
  if (!entry || !page.data) return;
  const inside = page.data.visible && page.data.step !== '';
  if (inside) attribute(entry, 'aria-current', 'true');
  else if (entry.getAttribute('aria-current') === 'true') attribute(entry, 'aria-current', '');
}

function wayOn() {
  mark();
  if (page.leading) return;
  page.leading = true;
  document.addEventListener('click', goTo);
  document.addEventListener('click', (event) => { const link = event.target.closest?.('a[href^="#"]'); if (link) window.setTimeout(() => follow(link.hash)); });
  window.addEventListener('hashchange', () => follow(window.location.hash));
  follow(window.location.hash);
  new MutationObserver(mark).observe(document.body, { childList: true, subtree: true }); /* on a narrow screen the navigation comes and goes */
}
