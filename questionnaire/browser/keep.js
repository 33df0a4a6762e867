/* Keeping: the answers that the server last said, with the user's changes that it has not heard on top.

   A change that the server is not known to have heard is pending: one entry for each place in the assessment, the last change of that
   place. An entry says what it was made under: the session, and how often the user had replaced all answers in it.
   path [] is the whole assessment, emptied; value null is something that is gone. Of a field the server says where it is (path), which
   object an answer is should it not be there yet (around), and whether it makes a difference that nothing is there (absence). A list is one
   place: its value is all of it as JSON, or '' (list), so that no change of a row is ever taken for one of another. */
const EVERYTHING = '[]';

function place(content, { path, value, around, list }) {
  if (path.length === 0) {
    Object.assign(content, structuredClone(GIVEN.emptied));
    return;
  }
  let inner = content;
  path.slice(0, -1).forEach((step, depth) => { inner = inner[step] ??= depth === 1 ? { ...around } : {}; });
  if (value === null) delete inner[path.at(-1)];
  else inner[path.at(-1)] = list ? JSON.parse(value || '[]') : value;
}

/* What an assessment says in a place, as an entry would. */
function known(content, path) {
  const value = at(content, path);
  return Array.isArray(value) ? JSON.stringify(value) : value;
}

/* True where an assessment says what a change says. */
function agrees(content, { path, value, absence }) {
  const there = known(content, path) ?? null;
  return (value ?? '') === (there ?? '') && (!absence || (value === null) === (there === null));
}

/* What the server knows (or, as long as it knows nothing of this tab, what the tab keeps), with what it has not heard on top. */
function latest() {
  const content = page.pending.size ? parsed(page.base) : null;
  if (!content) return page.base;
  for (const entry of page.pending.values()) place(content, entry);
  place(content, { path: GIVEN.moment, value: page.changed });
  const [former, present] = GIVEN.formats;
  if (content.format === former) content.format = present; /* which has places that the former has not */
  return `${JSON.stringify(content, null, 2)}\n`;
}

/* The present moment where the user is, to the second and with its offset, as the server writes it. */
function moment() {
  const now = new Date(), ahead = -now.getTimezoneOffset(); /* minutes */
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, '0');
  return `${new Date(now.getTime() + ahead * 60000).toISOString().slice(0, 19)}${ahead < 0 ? '-' : '+'}${two(ahead / 60)}:${two(ahead % 60)}`;
}

/* The user changed a field, or everything. The change is kept at once, and leaves only when the server is known to have heard it. */
function note({ path, around, absence, row }, value) {
  const name = JSON.stringify(path);
  const before = page.pending.get(name), content = parsed(page.base);
  if (path.length && !before && !page.pending.has(EVERYTHING) && agrees(content, { path, value, absence })) return;
  if (before && before.value === value) return;
  if (!path.length) page.pending.clear();
  const values = [...(before?.values ?? [known(content, path) ?? '']), value]; /* what this place has been, from what the server knew on */
  page.pending.delete(name); /* the last change comes last */
  page.pending.set(name, {
    path, around, absence, list: row !== undefined, value, values: values.slice(-50), session: page.data.session, replaced: page.data.replaced, brought: null, heard: false, times: 0,
    again: values.slice(0, -1).includes(value), /* that the server says the same may then be an earlier state */
  });
  page.changed = moment();
  if (value?.length > (before?.value ?? known(content, path) ?? '').length && new Blob([latest()]).size > GIVEN.largest) { /* the server would not take it, and no text that is larger could be read again */
    page.pending.delete(name);
    if (before) page.pending.set(name, before);
    return;
  }
  handOver(5000);
  store();
}

/* False where the page has a choice or a check box for the place and it shows something else. Streamlit may lose what it was told to
   show where one run follows close upon another, and a press of a button where the server was silent. */
function shows({ path, value }) {
  const name = JSON.stringify(path);
  for (const [key, field] of Object.entries(page.fields)) {
    if (JSON.stringify(field.path) !== name || !(field.values || 'examined' in field)) continue;
    const box = boxOf(key);
    if (box && (field.values ? chosen(box, field) !== (value ?? '') : (chosen(box, field) === null) !== (value === null))) return false;
  }
  return true;
}

/* What the server is known to have heard, and the page shows, is pending no more. The server is asked a few times to have it shown. */
function settleHeard() {
  for (const [name, entry] of page.pending) if (entry.heard && (entry.times > 3 || shows(entry))) page.pending.delete(name);
}

/* Find out what the server is known to have heard. */
function review() {
  const { session, replaced, heard, assessment } = page.data;
  const content = parsed(assessment);
  for (const [name, entry] of page.pending) {
    const elsewhere = entry.session !== session; /* a server that was restarted; it has what this tab kept, and may lack the rest */
    const overtaken = elsewhere ? name === EVERYTHING : entry.replaced !== replaced; /* the user has put another assessment in its place since */
    const said = page.base === assessment && name !== EVERYTHING && !entry.again && agrees(content, entry);
    if (said || (entry.brought !== null && entry.brought === heard)) entry.heard = true;
    if (overtaken) page.pending.delete(name);
  }
  settleHeard();
  handOver(2000);
}

const isConnected = (app) => app?.getAttribute(GIVEN.markup.connection) === GIVEN.markup.connected;

/* What the widgets did not bring to the server by themselves is brought to it: a click that was lost with its connection, a field that was
   drawn anew while it was written in. wait: milliseconds. */
function handOver(wait) {
  window.clearTimeout(page.handing);
  if (!page.pending.size) return;
  page.handing = window.setTimeout(() => {
    const app = document.querySelector(GIVEN.markup.app);
    if (!isConnected(app) || app.getAttribute(GIVEN.markup.run) !== GIVEN.markup.idle) {
      handOver(2000);
      return;
    }
    settleHeard();
    if (!page.pending.size) return;
    tell((message) => {
      const entries = [...page.pending.values()];
      for (const entry of entries) Object.assign(entry, { brought: message, times: entry.times + 1 });
      return { own: held(), unheard: entries.map(({ path, value }) => ({ path, value })) }; /* own: should the server know nothing of this tab at all */
    });
  }, wait);
}

/* The answers that are to be kept; null where there are none. */
function held() {
  const nothing = page.pending.size ? page.pending.size === 1 && page.pending.has(EVERYTHING) : page.data.empty;
  return nothing ? null : latest();
}

function store() {
  const data = page.data;
  if (!data || (data.changes === 0 && !page.pending.size)) return;
  const mayNotKnow = page.forgotten !== data.forgotten && data.changes > 0; /* until the server knows that all was forgotten in another tab */
  if (mayNotKnow && !page.pending.has(EVERYTHING)) return;
  const text = held();
  const tab = put('sessionStorage', OWN, text);
  put('sessionStorage', AFTER, text === null ? null : page.mark);
  if (data.changes > 0 || text === null) put('sessionStorage', BESIDE, text === null ? null : JSON.stringify(data.beside));
  if (text !== null) put('sessionStorage', REFUSED, null);
  const lasting = text !== null && keeping() && (data.lasting || page.pending.size > 0);
  const device = page.slot === null || put('localStorage', KEPT + page.slot, lasting ? JSON.stringify({ step: data.left, result: page.pending.size ? '' : data.result, assessment: text }) : null);
  say(text, tab, device, lasting);
}

function say(text, tab, device, lasting) {
  page.keptAt = { any: text !== null, tab, device, lasting };
  const now = new Date().toLocaleTimeString('en-AU', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  let said = '✓ Your answers are kept in this tab, until you close it.';
  if (text === null) said = '';
  else if (!tab || !device) said = '⚠ This browser does not let your answers be kept. Save them as a file before you leave: on the scorecard page, under “More files”.';
  else if (lasting) said = `✓ Your answers are kept in this browser. Last at ${now}.`;
  if (page.line) {
    page.line.textContent = page.data.visible ? said : '';
    page.line.hidden = !page.line.textContent;
  }
}

function keep(data) {
  const replaced = page.data && page.data.session === data.session && page.data.replaced !== data.replaced;
  page.fields = replaced ? data.fields : { ...page.fields, ...data.fields }; /* a field that is about to be drawn anew may still be written in */
  page.data = data;
  const stored = read('sessionStorage', OWN);
  page.base = data.changes > 0 || stored === null ? data.assessment : stored;
  if (data.reviews) put('sessionStorage', REVIEWS, data.reviews);
  review();
  store();
  if (page.asked === data.session) return;
  page.asked = data.session;
  const own = stored ?? read('sessionStorage', REFUSED);
  if (data.changes === 0 && (own !== null || page.forgotten !== data.forgotten)) tell({ own });
  else if (!keeping() || read('sessionStorage', REVIEWS) || names('localStorage', KEPT).some((name) => name !== KEPT + read('sessionStorage', SLOT))) tell({});
}

/* A server that was restarted knows nothing of this tab. Nothing runs there until the next click, and what that click
   says would be lost: so bring the answers as soon as the connection is back. */
function watch() {
  const app = document.querySelector(GIVEN.markup.app);
  if (!app || page.watched === app) return;
  page.watched = app;
  let lost = false;
  new MutationObserver(() => {
    const connected = isConnected(app);
    if (connected && lost) {
      const own = (page.data && held()) ?? read('sessionStorage', OWN); /* of a browser that keeps nothing, what this page still has */
      if (own) tell({ own });
    }
    lost = !connected;
  }).observe(app, { attributes: true, attributeFilter: [GIVEN.markup.connection] });
}
