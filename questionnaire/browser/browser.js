/* What only the browser can do: keep the answers on the user's own device, and start each step where it should start.

   Kept where                 for how long            what
   session storage  OWN       as long as this tab     the answers of this tab, for a refresh or a restarted server
   session storage  SLOT      as long as this tab     the name under which this tab's answers are kept on the device
   local storage    KEPT+slot until it is forgotten   the answers of one tab, and the step at which it was
   local storage    OFF       until it is changed     that nothing is to be kept after a tab is closed
   local storage    FORGOT    until the next time     a mark of when all answers were last forgotten
   session storage  AFTER     as long as this tab     that mark as it was when this tab's answers were kept
   session storage  REFUSED   until others are given  answers of this tab that the server could not read

   The server says what to keep with every run; what is typed or clicked meanwhile is put on top of it at once, and stays there until
   the server is known to have heard it. */
const OWN = 'mcm-assessment', SLOT = 'mcm-slot', KEPT = 'mcm-kept.', OFF = 'mcm-keeping-off', FORGOT = 'mcm.forgotten', AFTER = 'mcm.after', REFUSED = 'mcm.refused';
const page = (window.__mcm ??= {
  step: null, target: null, asked: null, slot: null, settling: Promise.resolve(), release: null, done: new Set(), pending: new Map(),
  data: null, base: null, forgotten: null, opened: false, listening: false, handing: null,
  forgetting: false, fields: {}, changed: '', mark: null, looks: new Map(),
});

/* ------------------------------------------------------------------------------------------------ storage */
/* A browser may forbid storage, or have no more room: then this is false, and the page says so. */
function attempt(action) {
  try {
    action();
    return true;
  } catch (error) {
    return false;
  }
}

function read(storage, name) {
  let found = null;
  attempt(() => { found = window[storage].getItem(name); });
  return found;
}

function put(storage, name, text) {
  return attempt(() => {
    if (text === null) window[storage].removeItem(name);
    else if (window[storage].getItem(name) !== text) window[storage].setItem(name, text);
  });
}

function names(storage, beginning) {
  const found = [];
  attempt(() => { found.push(...Object.keys(window[storage]).filter((each) => each.startsWith(beginning))); });
  return found;
}

const keeping = () => read('localStorage', OFF) === null;
const newName = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36);

/* ------------------------------------------------------------------------------------------------ slots */
/* Two tabs never share a slot. A tab that was duplicated finds its slot held by the other one and takes a new one. */
function hold(slot) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(KEPT + slot, { signal: AbortSignal.timeout(1000) }, () => {
      resolve(true);
      return new Promise((release) => { page.release = release; });
    }).catch(() => resolve(false));
  });
}

function settle(wanted) {
  page.slot = null; /* until it is settled, nothing is written to any slot */
  page.settling = page.settling.then(async () => {
    page.release?.();
    page.release = null;
    let slot = wanted;
    if (!(await hold(slot))) {
      slot = newName();
      await hold(slot);
    }
    page.slot = slot;
    put('sessionStorage', SLOT, slot);
    store();
  });
}

function unpack(kept) {
  try {
    const { step, assessment } = JSON.parse(kept);
    if (typeof assessment === 'string') return { step: String(step ?? ''), assessment };
  } catch (error) {
    /* Then it is handed on as it is, and refused with what is wrong. */
  }
  return { step: '', assessment: kept };
}

function about(slot, held) {
  const said = { slot, name: '', saved_at: '', open: held.includes(KEPT + slot) };
  attempt(() => {
    const { service_name, saved_at } = JSON.parse(unpack(read('localStorage', KEPT + slot)).assessment);
    if (typeof service_name === 'string') said.name = [...service_name].slice(0, 200).join(''); /* by whole characters, never half of one */
    if (typeof saved_at === 'string') said.saved_at = saved_at.slice(0, 40);
  });
  return said;
}

async function slots() {
  const held = ((await navigator.locks?.query())?.held ?? []).map((each) => each.name);
  const own = page.slot ?? read('sessionStorage', SLOT);
  return names('localStorage', KEPT).map((each) => each.slice(KEPT.length)).filter((slot) => slot && slot !== own).map((slot) => about(slot, held));
}

/* Bring something to the server. said: what to bring, or a function that is asked for it at the last moment, with the name of this message. */
async function tell(said) {
  const at = newName();
  const found = { at, slots: await slots(), keeping: keeping(), own: null, fetched: null, unheard: [], forgotten: page.forgotten };
  page.set('found', { ...found, ...(typeof said === 'function' ? said(at) : said) });
}

/* ------------------------------------------------------------------------------------------------ keeping */
/* What the user has changed and the server is not known to have heard is pending: one entry for each place in the assessment, the last
   change of that place. An entry says what it was made under: the session, and how often the user had replaced all answers in it.
   path [] is the whole assessment, emptied; value null is something that is gone. */
const EVERYTHING = '[]';

function parsed(text) {
  let content = null;
  attempt(() => { content = JSON.parse(text); });
  return content !== null && typeof content === 'object' ? content : null;
}

function place(content, path, value) {
  if (path.length === 0) {
    Object.assign(content, { service_name: '', profile: {}, technologies: {}, answers: {} });
    return;
  }
  if (path[0] === 'profile' && value === '') return; /* a fact is given or not there; it is never empty */
  let at = content;
  for (const step of path.slice(0, -1)) at = at[step] ??= path[0] === 'answers' && at !== content ? { grade: '', note: '' } : {};
  if (value === null) delete at[path.at(-1)];
  else at[path.at(-1)] = value;
}

const at = (content, path) => path.reduce((inner, step) => inner?.[step], content);
const same = (one, other) => (one ?? '') === (other ?? '') && (one === null) === (other === null || other === undefined);

/* True where the server's assessment says the same. A technology that is not examined is not there; everything else that is not there is empty. */
function agrees(content, { path, value }) {
  const known = at(content, path);
  return path[0] === 'technologies' ? same(value, known) : (value ?? '') === (known ?? '');
}

/* What the server knows (or, as long as it knows nothing of this tab, what the tab keeps), with what it has not heard on top. */
function latest() {
  if (!page.pending.size) return page.base;
  const content = parsed(page.base);
  if (!content) return page.base;
  for (const { path, value } of page.pending.values()) place(content, path, value);
  content.saved_at = page.changed;
  return `${JSON.stringify(content, null, 2)}\n`;
}

/* The present moment where the user is, to the second and with its offset, as the server writes it. */
function moment() {
  const now = new Date(), ahead = -now.getTimezoneOffset(); /* minutes */
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, '0');
  return `${new Date(now.getTime() + ahead * 60000).toISOString().slice(0, 19)}${ahead < 0 ? '-' : '+'}${two(ahead / 60)}:${two(ahead % 60)}`;
}

/* Something was changed here. It is kept at once, and leaves only when the server is known to have heard it. */
function note(path, value) {
  const name = JSON.stringify(path);
  const before = page.pending.get(name);
  const known = at(parsed(page.base), path);
  if (path.length && !before && !page.pending.has(EVERYTHING) && agrees(parsed(page.base), { path, value })) return;
  if (before && before.value === value) return;
  if (!path.length) page.pending.clear();
  const values = [...(before?.values ?? [known ?? '']), value]; /* what this place has been, from what the server knew on */
  page.pending.delete(name); /* the last change comes last */
  page.pending.set(name, {
    path, value, values: values.slice(-50), session: page.data.session, replaced: page.data.replaced, brought: null, heard: false, times: 0,
    again: values.slice(0, -1).some((earlier) => earlier === value), /* that the server says the same may then be an earlier state */
  });
  page.changed = moment();
  handOver(5000);
  store();
}

/* True unless the page has a choice or a check box for the place that shows something else: Streamlit may lose what it was told to show
   where one run follows close upon another, and a press of a button where the server was silent. */
function shows({ path, value }) {
  const name = JSON.stringify(path);
  for (const [key, field] of Object.entries(page.fields)) {
    if (JSON.stringify(field.path) !== name || !(field.values || 'examined' in field)) continue;
    const box = document.querySelector(`.st-key-${CSS.escape(key)}`);
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

/* What the widgets did not bring to the server by themselves is brought to it: a click that was lost with its connection, a field that was
   drawn anew while it was written in. wait: milliseconds. */
function handOver(wait) {
  window.clearTimeout(page.handing);
  if (!page.pending.size) return;
  page.handing = window.setTimeout(() => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (app?.dataset.testConnectionState !== 'CONNECTED' || app.dataset.testScriptState !== 'notRunning') {
      handOver(2000);
      return;
    }
    settleHeard();
    if (!page.pending.size) return;
    tell((name) => {
      const entries = [...page.pending.values()];
      for (const entry of entries) Object.assign(entry, { brought: name, times: entry.times + 1 });
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
  if (text !== null) put('sessionStorage', REFUSED, null);
  const lasting = text !== null && keeping() && (data.lasting || page.pending.size > 0);
  const device = page.slot === null || put('localStorage', KEPT + page.slot, lasting ? JSON.stringify({ step: data.step, assessment: text }) : null);
  say(text, tab, device, lasting);
}

function say(text, tab, device, lasting) {
  const now = new Date().toLocaleTimeString('en-AU', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  let said = '';
  if (text === null) said = '';
  else if (!tab || !device) said = '⚠ This browser does not let your answers be kept. Save them as a file before you leave: on the scorecard page, under “Take it with you”.';
  else if (lasting) said = `✓ Your answers are kept in this browser. Last at ${now}.`;
  else said = '✓ Your answers are kept in this tab, until you close it.';
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
  review();
  store();
  if (page.asked === data.session) return;
  page.asked = data.session;
  const own = stored ?? read('sessionStorage', REFUSED);
  if (data.changes === 0 && (own !== null || page.forgotten !== data.forgotten)) tell({ own });
  else if (!keeping() || names('localStorage', KEPT).some((each) => each !== KEPT + read('sessionStorage', SLOT))) tell({});
}

/* What the page asks for, each once: to bring what is kept, to take a slot over, to leave it, to forget. */
const ORDERS = {
  fetch: ({ slot }) => tell({ fetched: { slot, ...unpack(read('localStorage', KEPT + slot) ?? '') } }),
  adopt: ({ slot }) => settle(slot),
  leave: () => {
    put('sessionStorage', REFUSED, read('sessionStorage', OWN) ?? read('sessionStorage', REFUSED));
    settle(newName());
    page.settling.then(() => tell({}));
  },
  remove: ({ slot }) => put('localStorage', KEPT + slot, null),
  keeping: ({ on }) => { put('localStorage', OFF, on ? null : 'off'); store(); },
  forget: () => {
    if (!page.forgetting) forgetAll(); /* else it was done when the button was pressed */
    page.forgetting = false;
    page.pending.clear();
  },
};

function forgetAll() {
  for (const kept of names('localStorage', KEPT)) put('localStorage', kept, null);
  for (const name of [OWN, REFUSED]) put('sessionStorage', name, null);
  page.mark = newName();
  put('localStorage', FORGOT, page.mark);
  page.channel?.postMessage(page.mark);
}

function obey(data) {
  for (const order of data.orders) {
    if (page.done.has(order.turn)) continue;
    page.done.add(order.turn);
    ORDERS[order.order](order);
  }
}

/* What another tab forgot, this one forgets too, and it keeps nothing until its page knows. A tab that was not there to hear of it, since
   it showed another page or was closed, sees it by the mark when it comes back. */
function heed(mark) {
  if (mark === page.mark) return;
  page.mark = mark;
  page.forgotten = newName();
  if (page.data) note([], null);
  for (const name of [OWN, REFUSED]) put('sessionStorage', name, null);
  if (page.slot) put('localStorage', KEPT + page.slot, null);
  tell({});
}

function hear() {
  if (page.hearing) return;
  page.hearing = true;
  page.mark = read(read('sessionStorage', OWN) === null ? 'localStorage' : 'sessionStorage', read('sessionStorage', OWN) === null ? FORGOT : AFTER);
  heed(read('localStorage', FORGOT));
  window.addEventListener('storage', ({ key }) => { if (key === OFF) { store(); tell({}); } }); /* another tab turned keeping off, or on */
  window.addEventListener('pageshow', () => heed(read('localStorage', FORGOT)));
  if (!window.BroadcastChannel) return;
  page.channel = new BroadcastChannel('mcm');
  page.channel.onmessage = ({ data }) => heed(data); /* the other tab's storage may be seen here only later */
}

/* ------------------------------------------------------------------------------------------------ what is typed and clicked */
const TYPED = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';

/* The part of the page that a widget is in, and the field of the assessment that the widget shows, or that a button changes. */
function fieldOf(element) {
  const box = element.closest?.('[class*="st-key-"]');
  const name = box && [...box.classList].find((word) => word.startsWith('st-key-'))?.slice('st-key-'.length);
  return name && Object.hasOwn(page.fields, name) ? [box, page.fields[name]] : [null, null];
}

/* What a choice or a check box shows now, as the assessment says it. */
function chosen(box, { path, values, examined }) {
  if (values) return values[Number(box.querySelector('input:checked')?.value)] ?? '';
  if (!box.querySelector('input:checked')) return null;
  return at(parsed(latest()), path) ?? examined;
}

/* A choice shows what was chosen only once the page has dealt with the click or the key; a mouse's click brings no event of a change at all. */
function lookSoon(box, field) {
  const look = field.keeping ? () => keepOrNot(box) : () => note(field.path, chosen(box, field));
  lookNoMore(field);
  page.looks.set(JSON.stringify(field.path), [0, 40, 80].map((wait) => window.setTimeout(() => { if (box.isConnected) look(); }, wait)));
}

/* What was seen is out of date: something else was done to the same place. */
function lookNoMore({ path }) {
  page.looks.get(JSON.stringify(path))?.forEach((timer) => window.clearTimeout(timer));
}

/* Whether answers are kept after the tab is closed is the browser's own to know. */
function keepOrNot(box) {
  const on = Boolean(box.querySelector('input:checked'));
  if (on === keeping()) return;
  if (!on && page.slot) put('localStorage', KEPT + page.slot, null); /* first, since there may be no room for more */
  put('localStorage', OFF, on ? null : 'off');
  store();
}

/* It is kept as it is typed, and counts on the page a moment after the typing stops, not only when the field is left. */
function listen() {
  if (page.listening) return;
  page.listening = true;
  let timer;
  const on = (kind, heard) => window.addEventListener(kind, (event) => { if (event.target instanceof Element) heard(event, event.target); }, true);
  on('input', (event, typed) => {
    if (!typed.matches(TYPED)) return;
    const [box, field] = fieldOf(typed);
    const write = () => { if (typed.value.length <= field.longest) note(field.path, typed.value.replace(new RegExp(page.data.not_text, 'gu'), '')); };
    if (box && typed.value.length <= field.longest) write();
    else if (box) window.setTimeout(write, 40); /* the field takes no more than so much, and shows what it had before */
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!typed.isConnected) return;
      const enter = { key: 'Enter', code: 'Enter', keyCode: 13, which: 13, bubbles: true, cancelable: true, ctrlKey: typed.tagName === 'TEXTAREA' };
      typed.dispatchEvent(new KeyboardEvent('keydown', enter));
    }, 600);
  });
  const choice = (event, clicked) => {
    const [box, field] = fieldOf(clicked);
    if (!box || !clicked.closest('label, input')) return;
    if (field.values || 'examined' in field || field.keeping) lookSoon(box, field);
  };
  on('click', (event, clicked) => {
    const [box, field] = fieldOf(clicked);
    if (!box || !('pressed' in field)) choice(event, clicked);
    else if (clicked.closest('button:not([disabled])')) {
      if (field.everywhere) {
        page.forgetting = true;
        forgetAll();
      }
      lookNoMore(field);
      note(field.path, field.pressed);
    }
  });
  on('change', choice);
  on('keyup', (event, clicked) => { if (event.key.startsWith('Arrow') || event.key === ' ') choice(event, clicked); });
}

/* A server that was restarted knows nothing of this tab. Nothing runs there until the next click, and what that click
   says would be lost: so bring the answers as soon as the connection is back. */
function watch() {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || page.watched === app) return;
  page.watched = app;
  let lost = false;
  new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === 'CONNECTED';
    if (connected && lost) {
      const own = (page.data && held()) ?? read('sessionStorage', OWN); /* of a browser that keeps nothing, what this page still has */
      if (own) tell({ own });
    }
    lost = !connected;
  }).observe(app, { attributes: true, attributeFilter: ['data-test-connection-state'] });
}

/* ------------------------------------------------------------------------------------------------ what is read out with a field */
/* Streamlit draws a question, its help and its error side by side, and ties none of them together. */
const CONTROL = '[role="radiogroup"], textarea, input:not([type="file"]), button:not([data-testid="stBaseButton-minimal"])';
const SAID = ':scope > [data-testid="stMarkdown"], :scope > [data-testid="stAlert"], :scope > [data-testid="stText"]';

function attribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function tie() {
  for (const [name, { needed, wrong }] of Object.entries(page.tied ?? {})) {
    const box = document.querySelector(`.st-key-${CSS.escape(name)}`);
    const control = box?.querySelector(CONTROL);
    if (!control) continue;
    const said = [...box.parentElement.children].filter((each) => each.querySelector(SAID));
    said.forEach((each, number) => { each.id = `${name}-said-${number}`; });
    attribute(control, 'aria-describedby', said.map((each) => each.id).join(' '));
    if (control.tagName === 'BUTTON') continue; /* it can be neither needed nor wrong */
    attribute(control, 'aria-required', needed ? 'true' : '');
    attribute(control, 'aria-invalid', wrong ? 'true' : '');
  }
}

/* What the page says comes after what the server says of it, and may be drawn anew at any time. */
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

/* ------------------------------------------------------------------------------------------------ where a step starts */
const main = () => document.querySelector('[data-testid="stMain"]');

/* Bring the reader to a question or heading by its words; to the heading of the page where there is none. */
function lead(words) {
  const group = [...document.querySelectorAll('[role="radiogroup"], [data-testid="stTextInput"] input')].find((each) => each.getAttribute('aria-label') === words);
  const found = group ?? [...document.querySelectorAll('h2, h3')].find((each) => each.innerText.trim() === words);
  if (!found) return false;
  const control = group?.querySelector('input') ?? found;
  if (!group) { found.setAttribute('tabindex', '-1'); found.style.outline = 'none'; }
  control.focus({ preventScroll: true });
  (group?.closest('[data-testid="stVerticalBlock"]') ?? found).scrollIntoView({ block: 'start' });
  main()?.scrollBy(0, -80);
  return true;
}

function begin(data) {
  const first = page.step === null;
  const moved = page.step !== data.step;
  const led = data.target && page.target !== data.target_name;
  page.step = data.step;
  page.target = data.target_name;
  if ((first || !moved) && !led) return;
  const until = Date.now() + 3000;
  const seek = () => {
    const heading = document.querySelector('h1');
    const there = heading && heading.innerText.trim() === data.heading;
    if (there && led && lead(data.target)) return;
    if (!there || (led && Date.now() < until - 1500)) {
      if (Date.now() < until) window.setTimeout(seek, 30);
      return;
    }
    main()?.scrollTo(0, 0);
    heading.setAttribute('tabindex', '-1');
    heading.style.outline = 'none';
    heading.focus({ preventScroll: true });
  };
  seek();
}

/* What draws the charts is large, and its first drawing takes far longer than any later one. So it is fetched, and made to draw a small
   chart out of sight, while the user reads and answers, and the scorecard does not wait for it. */
const idle = window.requestIdleCallback ?? ((action) => window.setTimeout(action, 500));

function fetchAhead(address) {
  if (!address || page.ahead) return;
  page.ahead = true;
  idle(() => import(new URL(address, document.baseURI).href).then(() => idle(drawUnseen)).catch(() => { page.ahead = false; }));
}

function drawUnseen() {
  const plotly = window.Plotly;
  if (!plotly || document.querySelector('.js-plotly-plot')) return;
  const ground = document.createElement('div');
  ground.setAttribute('aria-hidden', 'true');
  ground.style.cssText = 'position: fixed; left: -9999px; top: 0; width: 600px; height: 300px; visibility: hidden;';
  document.body.append(ground);
  const bar = (shape) => ({
    type: 'bar', orientation: 'h', name: '1', x: [1, 2], y: [10, 40], width: 26, text: ['1', '2'], textposition: 'inside', textangle: 0, insidetextanchor: 'middle',
    marker: { color: '#58b787', line: { width: 1 }, pattern: { shape, fillmode: 'overlay', size: 7 } },
  });
  const layout = {
    barmode: 'stack', width: 600, height: 300, legend: { orientation: 'h', yref: 'container', xref: 'container', x: 0, y: 1, yanchor: 'top' }, yaxis: { visible: false },
    xaxis: { title: { text: '1' }, showgrid: false, zeroline: false }, annotations: [{ x: 0, xref: 'paper', y: 10, text: '<b>1<br>1</b>', showarrow: false, xanchor: 'left' }],
  };
  const draw = async () => plotly.newPlot(ground, [bar(''), bar('/'), bar('x'), bar('.')], layout, { displayModeBar: false, staticPlot: true });
  const away = () => { plotly.purge(ground); ground.remove(); };
  draw().then(away, away); /* where it cannot draw, the scorecard will take its time */
}

export default function (component) {
  const { data, setStateValue, parentElement } = component;
  document.documentElement.lang = 'en-AU';
  page.set = setStateValue;
  page.line = parentElement.querySelector('p');
  if (!page.opened) {
    page.opened = true;
    settle(read('sessionStorage', SLOT) ?? newName());
  }
  hear();
  obey(data);
  keep(data);
  watch();
  keepTied(data);
  begin(data);
  listen();
  fetchAhead(data.charts);
}
