/* Away: while the server cannot be reached the page says so, and where the answers are. Streamlit's own message, which tells whoever runs the server what to do, is closed. */
function whereKept() {
  if (!page.keptAt?.any) return page.data?.visible ? 'You had answered nothing yet, so nothing is lost.' : 'A file that you opened here may have to be opened again.';
  if (!page.keptAt.tab) return 'This browser does not let your answers be kept: leave this page open, they are on it.';
  return `Your answers are safe: they are kept in this ${page.keptAt.lasting && page.keptAt.device ? 'browser, on this device' : 'tab, until you close it'}.`;
}

function tellAway() {
  page.away ??= document.body.appendChild(Object.assign(document.createElement('div'), { className: 'mcm-away' }));
  page.away.setAttribute('role', 'alert');
  page.away.textContent = `The server cannot be reached. ${whereKept()} Nothing can be changed until it is back; the page then goes on by itself.`;
}

/* Closed as its reader would close it; Streamlit then shows it no more until the connection is back. */
function closeTheirs() {
  for (const dialog of document.querySelectorAll(GIVEN.markup.dialog)) {
    if (dialog.textContent.includes(GIVEN.markup.lost)) dialog.querySelector('button[aria-label="Close"]')?.click();
  }
}

function watchAway() {
  const app = document.querySelector(GIVEN.markup.app);
  if (!app || page.seenFrom === app) return;
  page.seenFrom = app;
  let telling = null;
  const theirs = new MutationObserver(closeTheirs);
  new MutationObserver(() => {
    if (isConnected(app)) {
      window.clearTimeout(telling);
      telling = null;
      theirs.disconnect();
      page.away?.remove();
      page.away = null;
    } else if (telling === null) {
      telling = window.setTimeout(tellAway, 1500); /* milliseconds; a short gap is no news */
      theirs.observe(document.body, { childList: true, subtree: true });
    }
  }).observe(app, { attributes: true, attributeFilter: [GIVEN.markup.connection] });
}
